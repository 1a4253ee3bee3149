from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.model import ResolvedRepository

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
ENVIRONMENT = """\
data: {root: "file:///data/{tenant}"}
store: file:///store
ledger: sqlite:///ledger.db
public_url: https://go.example
assets_url: https://cdn.example
providers:
  mail: {contract: smtp, url: "smtp://localhost:25"}
"""


def test_channels_carry_their_vendors_and_files(resolve: Resolve) -> None:
    channel = resolve()[0].channels["sms"]
    assert channel.contract.address == "phone"
    assert channel.vendors["smtp-gateway"].driver == "smtp"
    assert channel.documents["smtp-gateway"].file == "channels/sms/smtp-gateway.yaml"


def test_environments_are_read_and_their_contracts_looked_up(resolve: Resolve) -> None:
    file = "environments/staging.yaml"
    repository, found = resolve({file: ENVIRONMENT})
    assert not found
    assert repository.environments["staging"].providers["mail"].contract == "smtp"
    repository, (wrong,) = resolve({file: ENVIRONMENT.replace("contract: smtp", "contract: smpt")})
    assert (wrong.code, str(wrong.range)) == ("HB445", f"{file}:7:20")
    assert wrong.hint == "did you mean `smtp`?"
    assert not repository.environments and not repository.failed


def test_a_platforms_own_mistake_reaches_everyone(resolve: Resolve) -> None:
    text = "categories: {promotions: {class: marketing}}\nlock: [trigger.at]"
    repository, (found,) = resolve({"handbill.yaml": text})
    assert (found.code, found.tenant) == ("HB415", None)
    assert repository.failed == {"green"} and repository.platform is None


def test_a_blueprints_own_mistake_reaches_its_users(resolve: Resolve, tenant: str) -> None:
    text = "open: [nothing]\ncategory: promotions\n"
    repository, (found,) = resolve(
        {
            "blueprints/winback/blueprint.yaml": text,
            "tenants/calm/tenant.yaml": tenant.replace("Green", "Calm"),
        }
    )
    assert found.code == "HB416"
    assert repository.failed == {"green"} and set(repository.tenants) == {"calm"}


def test_a_tenants_own_mistake_is_its_own(resolve: Resolve, tenant: str) -> None:
    repository, (found,) = resolve({"tenants/green/tenant.yaml": tenant + "lock: [nothing]\n"})
    assert (found.code, found.tenant) == ("HB416", "green")
    assert repository.failed == {"green"}


def test_a_channel_that_speaks_for_another_is_refused(resolve: Resolve) -> None:
    text = """\
        address: phone
        parts: {body: {kind: text, required: true}}
        defaults: {limits: {quiet_hours: {email: "21:00-08:00"}}}
        """
    repository, (found,) = resolve({"channels/sms/channel.yaml": text})
    assert (found.code, str(found.range)) == ("HB446", "channels/sms/channel.yaml:3:35")
    assert "sms" not in repository.channels and repository.failed == {"green"}
