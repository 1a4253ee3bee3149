"""The eight sample retailers as the household deal needs them: shops, languages, names.

The shops are those of each `tenants/T/data/stores.csv` that are open. Every name is made up.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shop:
    """A store: where its customers live, and which stores are near."""

    id: str
    state: str
    timezone: str
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retailer:
    """`share` is the retailer's weight in the deal; `second_locale` is the one in `second_share`
    percent of its customers' profiles."""

    name: str
    share: int
    shops: tuple[Shop, ...]
    names: str
    locale: str
    phone_prefix: str
    second_locale: str = ""
    second_share: int = 0
    has_app: bool = True
    has_cards: bool = False
    sells_fuel: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    first: tuple[str, ...]
    last: tuple[str, ...]
    mail_domains: tuple[str, ...]


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split(", "))


EASTERN, CENTRAL, MOUNTAIN = "America/New_York", "America/Chicago", "America/Denver"
PACIFIC, ARIZONA, QUEBEC = "America/Los_Angeles", "America/Phoenix", "America/Toronto"
BRITISH, GERMAN, HAWAIIAN = "Europe/London", "Europe/Berlin", "Pacific/Honolulu"

SAMPLE_RETAILERS = (
    Retailer(
        name="fresh-fields",
        share=20,
        shops=(
            Shop("ff-albany-1", "NY", EASTERN, ("ff-troy-12", "ff-saratoga-3")),
            Shop("ff-troy-12", "NY", EASTERN, ("ff-albany-1",)),
            Shop("ff-saratoga-3", "NY", EASTERN, ("ff-troy-12",)),
            Shop("ff-syracuse-7", "NY", EASTERN, ("ff-ithaca-9",)),
            Shop("ff-ithaca-9", "NY", EASTERN, ("ff-syracuse-7",)),
            Shop("ff-burlington-2", "VT", EASTERN),
        ),
        names="en",
        locale="en-US",
        phone_prefix="+1518555",
    ),
    Retailer(
        name="valle-market",
        share=15,
        shops=(
            Shop("vm-phoenix-1", "AZ", ARIZONA, ("vm-phoenix-2",)),
            Shop("vm-phoenix-2", "AZ", ARIZONA, ("vm-phoenix-1", "vm-mesa-4")),
            Shop("vm-mesa-4", "AZ", ARIZONA, ("vm-phoenix-2",)),
            Shop("vm-tucson-6", "AZ", ARIZONA),
        ),
        names="es",
        locale="en-US",
        phone_prefix="+1602555",
        second_locale="es-US",
        second_share=55,
        has_app=False,
    ),
    Retailer(
        name="marche-boreal",
        share=12,
        shops=(
            Shop("mb-limoilou", "QC", QUEBEC, ("mb-saint-roch", "mb-levis")),
            Shop("mb-saint-roch", "QC", QUEBEC, ("mb-limoilou",)),
            Shop("mb-levis", "QC", QUEBEC, ("mb-limoilou",)),
            Shop("mb-chicoutimi", "QC", QUEBEC),
        ),
        names="fr",
        locale="fr-CA",
        phone_prefix="+1418555",
        second_locale="en-CA",
        second_share=6,
    ),
    Retailer(
        name="copper-kettle",
        share=11,
        shops=(
            Shop("ck-alberta", "OR", PACIFIC, ("ck-division",)),
            Shop("ck-division", "OR", PACIFIC, ("ck-alberta",)),
            Shop("ck-bend", "OR", PACIFIC),
        ),
        names="en",
        locale="en-US",
        phone_prefix="+1503555",
        has_app=False,
        has_cards=True,
    ),
    Retailer(
        name="prairie-pantry",
        share=16,
        shops=(
            Shop("pp-omaha-1", "NE", CENTRAL, ("pp-omaha-3", "pp-gretna-11")),
            Shop("pp-omaha-3", "NE", CENTRAL, ("pp-omaha-1",)),
            Shop("pp-lincoln-5", "NE", CENTRAL, ("pp-gretna-11",)),
            Shop("pp-kearney-8", "NE", CENTRAL),
            Shop("pp-scottsbluff-9", "NE", MOUNTAIN),
            Shop("pp-sioux-city-2", "IA", CENTRAL),
        ),
        names="en",
        locale="en-US",
        phone_prefix="+1402555",
        sells_fuel=True,
    ),
    Retailer(
        name="hearth-and-hale",
        share=10,
        shops=(
            Shop("hh-bristol-1", "SW", BRITISH, ("hh-bath-2",)),
            Shop("hh-bath-2", "SW", BRITISH, ("hh-bristol-1",)),
            Shop("hh-leeds-3", "YH", BRITISH, ("hh-york-4",)),
            Shop("hh-york-4", "YH", BRITISH, ("hh-leeds-3",)),
        ),
        names="en",
        locale="en-GB",
        phone_prefix="+447700900",
        has_app=False,
    ),
    Retailer(
        name="gruenmarkt",
        share=10,
        shops=(
            Shop("gm-kreuzberg", "BE", GERMAN, ("gm-pankow",)),
            Shop("gm-pankow", "BE", GERMAN, ("gm-kreuzberg",)),
            Shop("gm-potsdam", "BB", GERMAN),
            Shop("gm-cottbus", "BB", GERMAN),
        ),
        names="de",
        locale="de-DE",
        phone_prefix="+49302312500",
    ),
    Retailer(
        name="lotus-lane",
        share=6,
        shops=(
            Shop("ll-koreatown", "CA", PACIFIC, ("ll-torrance",)),
            Shop("ll-torrance", "CA", PACIFIC, ("ll-koreatown",)),
            Shop("ll-honolulu", "HI", HAWAIIAN),
        ),
        names="ko",
        locale="en-US",
        phone_prefix="+1213555",
        second_locale="ko-KR",
        second_share=35,
    ),
)

SAMPLE_NAMES = {
    "en": Names(
        first=_words(
            "James, Mary, Robert, Patricia, John, Jennifer, Michael, Linda, David, Elizabeth, "
            "William, Barbara, Susan, Jessica, Thomas, Sarah, Karen, Nancy, Daniel, Lisa, Anthony, "
            "Sandra, Ashley, Donna, Emily, Kevin, Michelle, Brian, Amanda, Melissa, Timothy, "
            "Deborah, Stephanie, Rebecca, Sharon, Laura, Cynthia, Dorothy, Amy, Siobhán, Zoë, "
            "Priya, Wei, Aisha, Dmitri, Thuy, Kwame, Noor, Mary Ann, Jo & Sam, Jean-Luc"
        ),
        last=_words(
            "Smith, Johnson, Williams, Brown, Jones, Miller, Davis, Wilson, Anderson, Taylor, "
            "Moore, Jackson, Martin, Lee, Thompson, White, Harris, Clark, Lewis, Robinson, Walker, "
            "Young, Allen, King, Wright, Scott, Hill, Green, Adams, Nelson, Baker, Hall, Campbell, "
            "Mitchell, Carter, Roberts, Nguyen, Patel, Kowalski, Schneider, Okafor, Haddad, "
            "O'Brien, D'Angelo, McAllister, Müller, van der Berg, Smith-Jones"
        ),
        mail_domains=("post.example", "inbox.example", "mailhouse.example"),
    ),
    "es": Names(
        first=_words(
            "María, José, Guadalupe, Juan, Ana, Luis, Carmen, Jesús, Rosa, Carlos, Verónica, "
            "Miguel, Leticia, Francisco, Alejandra, Jorge, Patricia, Manuel, Sofía, Ricardo, Elena, "
            "Fernando, Gabriela, Roberto, Xóchitl, Ángel, Lucía, Iñaki, Daniel, Jennifer, Michael, "
            "Ashley, Ana María, José Luis"
        ),
        last=_words(
            "García, Hernández, Martínez, López, González, Rodríguez, Pérez, Sánchez, Ramírez, "
            "Torres, Flores, Rivera, Gómez, Díaz, Cruz, Morales, Ortiz, Gutiérrez, Reyes, Ruiz, "
            "Jiménez, Mendoza, Álvarez, Núñez, Peña, Ibáñez, Smith, Johnson, Begay, Yazzie, "
            "de la Cruz, Ruiz Ibáñez"
        ),
        mail_domains=("correo.example", "post.example", "buzon.example"),
    ),
    "fr": Names(
        first=_words(
            "Marie, Jean, Louise, Pierre, Sylvie, Michel, Nathalie, André, Isabelle, François, "
            "Chantal, Luc, Geneviève, Stéphane, Josée, Éric, Mélanie, Benoît, Hélène, Gaétan, "
            "Noémie, Félix, Océane, Zachary, Rosalie, Émile, Anaïs, Loïc, Solène, Marie-Ève, "
            "Jean-François, Anne & Marc"
        ),
        last=_words(
            "Tremblay, Gagnon, Roy, Côté, Bouchard, Gauthier, Morin, Lavoie, Fortin, Gagné, "
            "Ouellet, Pelletier, Bélanger, Lévesque, Bergeron, Leblanc, Paquette, Girard, Simard, "
            "Boucher, Caron, Beaulieu, Cloutier, Dubé, Poirier, Fournier, Lapointe, Leclerc, "
            "L'Heureux, D'Amours, Lévesque-Côté, St-Pierre"
        ),
        mail_domains=("courriel.example", "poste.example", "boite.example"),
    ),
    "de": Names(
        first=_words(
            "Anna, Jonas, Lena, Felix, Marie, Paul, Sophie, Maximilian, Laura, Lukas, Jürgen, "
            "Ursula, Käthe, Günther, Björn, Ayşe, Mehmet, Łukasz, Zoë, Renate, Wolfgang, Heike, "
            "Stefan, Petra, Uwe, Birgit, Torsten, Emine, Noah, Mia, Karl-Heinz, Anne-Marie"
        ),
        last=_words(
            "Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, "
            "Schäfer, Koch, Bauer, Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Zimmermann, "
            "Groß, Krüger, Hübner, Yılmaz, Kaya, Nowak, Weiß, Jäger, von der Heide, Meyer-Lüdke"
        ),
        mail_domains=("post.example", "briefkasten.example", "mailhaus.example"),
    ),
    "ko": Names(
        first=_words(
            "Ji-woo, Min-jun, Seo-yeon, Do-yun, Ha-eun, Jun-seo, Soo-ah, Eun-ji, Hyun-woo, Grace, "
            "Daniel, Esther, Joseph, Hannah, Kevin, Sarah, David, Jane, Eric, Christine, James, "
            "Susan, Michael, Angela, Sung-min, Yuna, Kenji, Malia, Kai, Leilani"
        ),
        last=_words(
            "Kim, Lee, Park, Choi, Jung, Kang, Cho, Yoon, Jang, Lim, Han, Oh, Seo, Shin, Kwon, "
            "Hwang, Ahn, Song, Yoo, Hong, Chang, Moon, Yang, Bae, Baek, Nakamura, Tanaka, Kealoha"
        ),
        mail_domains=("post.example", "inbox.example", "mailhouse.example"),
    ),
}
