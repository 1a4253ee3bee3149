"""The look of Handbill's pages: colours for light and dark, type, cards, and no script.

Every switch of a page is a radio button, and `:has()` looks at it; so nothing on a page has to run, and
its content security policy can forbid all of it.
"""

from __future__ import annotations

COLORS = """
:root{color-scheme:light dark;
--ink:light-dark(#1d2733,#e4eaf1);--soft:light-dark(#586776,#9aa8b7);
--line:light-dark(#dbe2ea,#2e3a47);--back:light-dark(#f4f6f9,#11171e);
--card:light-dark(#fff,#19212a);--tint:light-dark(#f0f4f8,#212b36);
--leaf:light-dark(#0b6b3a,#4cc38a);--add:light-dark(#0a6b36,#7ddba6);
--add-back:light-dark(#dcf5e5,#14402a);--cut:light-dark(#a3262a,#ff9d97);
--cut-back:light-dark(#fde6e5,#4d2125);--warn:light-dark(#8a5200,#f2bd6b);
--warn-back:light-dark(#fdf0d9,#43310f);--accent:light-dark(#2456c5,#8fb4ff);
--accent-back:light-dark(#e5edfd,#1b2f57)}
:root:has(#c-light:checked){color-scheme:light}
:root:has(#c-dark:checked){color-scheme:dark}
"""
"""The first line of every page's style; `#c-light` and `#c-dark` are the switches of `html_page`."""

PAGE = """
*{box-sizing:border-box}
html{scroll-padding-top:76px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--back);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1480px;margin:0 auto;padding:28px 20px 80px}
h1{font-size:clamp(24px,4.2vw,34px);line-height:1.2;margin:0 0 8px;letter-spacing:-.015em;
text-wrap:balance}
h2{font-size:20px;line-height:1.3;margin:0;overflow-wrap:anywhere}
h3{font-size:13px;margin:0 0 10px;color:var(--soft);font-weight:650;letter-spacing:.02em}
p{margin:0 0 10px}a{color:var(--accent)}small,.soft{color:var(--soft)}
code,.code{font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;
overflow-wrap:anywhere}
.lead{font-size:17px;color:var(--soft);margin:0 0 18px;max-width:70ch;text-wrap:pretty}
.sides{display:flex;flex-wrap:wrap;gap:6px 22px;font-size:13px;color:var(--soft);margin:0 0 8px}
.sides b{color:var(--ink);font-weight:600}
.bar{position:sticky;top:0;z-index:2;background:color-mix(in srgb,var(--back) 88%,transparent);
backdrop-filter:blur(8px);border-bottom:1px solid var(--line)}
.bar>div{max-width:1480px;margin:0 auto;padding:9px 20px;display:flex;flex-wrap:wrap;gap:8px 16px;
align-items:center}
.bar strong{font-size:14px;margin-right:auto;letter-spacing:.01em}
fieldset{border:0;margin:0;padding:0;min-width:0;display:flex;align-items:center;gap:8px;
font-size:13.5px}
legend{float:left;padding:0;color:var(--soft);margin-right:2px}
.seg{display:inline-flex;flex-wrap:wrap;background:var(--tint);border:1px solid var(--line);
border-radius:9px;padding:2px}
.seg label{position:relative;display:block;padding:4px 11px;border-radius:7px;cursor:pointer;
line-height:1.4;overflow-wrap:anywhere}
.seg input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer;width:100%;height:100%}
.seg label:has(:checked){background:var(--card);box-shadow:0 1px 3px #0003;font-weight:600}
.seg label:has(:focus-visible){outline:2px solid var(--accent);outline-offset:1px}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;margin:0 0 18px;
overflow:hidden}
.card>header{padding:16px 20px;display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center;
border-bottom:1px solid var(--line)}
.card>header .soft{margin-left:auto;font-size:14px}
.card>section{padding:16px 20px;border-bottom:1px solid var(--line)}
.card>section:last-child{border-bottom:0}
.badge{display:inline-block;border-radius:99px;padding:2px 11px;font-size:12.5px;font-weight:650;
line-height:1.6;background:var(--tint);white-space:nowrap}
.badge.started,.badge.added{background:var(--add-back);color:var(--add)}
.badge.stopped,.badge.removed{background:var(--cut-back);color:var(--cut)}
.badge.changed{background:var(--accent-back);color:var(--accent)}
.badge.note,.warning{background:var(--warn-back);color:var(--warn)}
.badge.note{white-space:normal;border-radius:9px;text-align:left}
.warning{border-radius:10px;padding:9px 14px;margin:0 0 10px;font-size:14.5px}
ins,del{text-decoration:none;border-radius:4px;padding:0 3px;box-decoration-break:clone;
-webkit-box-decoration-break:clone}
ins{background:var(--add-back);color:var(--add)}
del{background:var(--cut-back);color:var(--cut);text-decoration:line-through;
text-decoration-thickness:1px}
table{border-collapse:collapse;width:100%;font-size:14.5px}
th,td{padding:7px 12px 7px 0;text-align:left;vertical-align:top;border-top:1px solid var(--line);
overflow-wrap:anywhere}
tr:first-child>*{border-top:0}th{font-weight:500;color:var(--soft);width:30%}
details>summary{cursor:pointer;color:var(--accent);width:fit-content}
details[open]>summary{margin-bottom:8px}
@media(max-width:640px){main{padding:20px 12px 60px}.bar>div{padding:8px 12px}
.card>header,.card>section{padding:14px}.card>header .soft{margin-left:0;width:100%}
.bar strong{display:none}}
@media print{:root{color-scheme:light}.bar{display:none}body{background:#fff;font-size:12px}
main{max-width:none;padding:0}.card{break-inside:avoid-page;border-color:#bbb}}
"""

DIFF = """
.jump{display:flex;flex-wrap:wrap;gap:6px 8px;list-style:none;padding:0;margin:0 0 22px;
font-size:14px}
.jump a{display:block;text-decoration:none;border:1px solid var(--line);border-radius:99px;
padding:3px 12px;background:var(--card);overflow-wrap:anywhere}
.who{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,240px),1fr));gap:12px;
margin:12px 0}
.person{border:1px solid var(--line);border-radius:12px;padding:12px 14px;background:var(--tint)}
.person h4{margin:0 0 8px;font-size:14px;display:flex;gap:9px;align-items:center}
.person h4::before{content:"";flex:none;width:26px;height:26px;border-radius:50%;
background:radial-gradient(circle at 50% 38%,currentColor 0 24%,transparent 26%),
radial-gradient(circle at 50% 105%,currentColor 0 42%,transparent 44%),
color-mix(in srgb,currentColor 18%,transparent)}
.person.joins h4{color:var(--add)}.person.leaves h4{color:var(--cut)}
.person dl{margin:0;font-size:13.5px;display:grid;grid-template-columns:auto 1fr;gap:2px 12px}
.person dt{color:var(--soft);overflow-wrap:anywhere}.person dd{margin:0;overflow-wrap:anywhere}
.rule{display:grid;grid-template-columns:1.6em 1fr;font:13.5px/1.55 ui-monospace,SFMono-Regular,
Menlo,Consolas,monospace;border-radius:8px;padding:6px 8px;margin:4px 0;overflow-wrap:anywhere}
.rule.was{background:var(--cut-back);color:var(--cut)}
.rule.is{background:var(--add-back);color:var(--add)}
.rule.was::before{content:"−"}.rule.is::before{content:"+"}
.counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,150px),1fr));gap:12px;
margin:12px 0}
.counts div{border:1px solid var(--line);border-radius:12px;padding:10px 14px}
.counts b{display:block;font-size:22px;line-height:1.25;font-variant-numeric:tabular-nums}
.counts span{font-size:13.5px;color:var(--soft)}
.line{list-style:none;margin:12px 0 4px;padding:0 0 0 22px;position:relative}
.line::before{content:"";position:absolute;left:6px;top:10px;bottom:12px;width:2px;
background:var(--line)}
.line li{position:relative;padding:3px 0;font-variant-numeric:tabular-nums}
.line li::before{content:"";position:absolute;left:-21px;top:9px;width:12px;height:12px;
border-radius:50%;background:var(--soft);border:2px solid var(--card)}
.line .was{color:var(--cut);text-decoration:line-through}
.line .was::before{background:var(--card);border-color:var(--cut)}
.line .is{color:var(--add);font-weight:600}.line .is::before{background:var(--add)}
.content{display:grid;gap:4px 28px}
@media(min-width:1200px){.content:has(.written+.pairs .pair){
grid-template-columns:minmax(260px,1fr) minmax(0,796px)}
.written{position:sticky;top:76px;align-self:start;max-height:calc(100vh - 96px);overflow:auto}
:root:has(#w-desktop:checked) .content{grid-template-columns:1fr}
:root:has(#w-desktop:checked) .written{position:static;max-height:none}}
.words{border:1px solid var(--line);border-radius:10px;padding:9px 13px;margin:0 0 10px;
white-space:pre-wrap;overflow-wrap:anywhere;font-size:15px;max-height:22em;overflow:auto}
.words>b{display:block;font-size:12.5px;color:var(--soft);font-weight:600}
"""

MESSAGES = """
.pair{margin:0 0 18px}.pairs>details{margin:0 0 12px}.pair>p{margin:0 0 8px;display:flex;flex-wrap:wrap;gap:6px 10px;
align-items:center;font-size:14.5px}
.pair .two{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,390px),390px));
justify-content:start}
.message{margin:0;min-width:0}.message figcaption{font-size:12.5px;font-weight:650;
color:var(--soft);margin:0 0 6px}
.message.was figcaption{color:var(--cut)}.message.is figcaption{color:var(--add)}
.mail{border:1px solid var(--line);border-radius:12px;overflow:hidden;background:var(--card)}
.mail dl{margin:0;padding:10px 14px;border-bottom:1px solid var(--line);background:var(--tint)}
.mail dt{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.mail dd{margin:0;font-size:13.5px;color:var(--soft);overflow-wrap:anywhere}
.mail dd.subject{font-weight:650;font-size:15.5px;color:var(--ink);line-height:1.35}
.mail iframe{display:block;border:0;width:100%;height:620px;background:#fff;resize:vertical;
overflow:auto}
.phone{border-radius:22px;padding:44px 14px 18px;min-height:190px;
background:linear-gradient(160deg,#41597d,#8b6f93 55%,#c08a72);position:relative;max-width:390px}
.phone::before{content:"";position:absolute;top:14px;left:50%;width:84px;height:8px;
margin-left:-42px;border-radius:9px;background:#0005}
.push{background:light-dark(#fffffff0,#22272fee);border-radius:16px;padding:11px 14px;
overflow-wrap:anywhere;box-shadow:0 2px 12px #0003}
.push small{display:flex;justify-content:space-between;gap:8px;font-size:12px;margin:0 0 3px}
.push b{display:block;font-size:14.5px;line-height:1.35}
.push p{margin:1px 0 0;font-size:14.5px;line-height:1.4;white-space:pre-wrap}
.push img{max-width:100%;border-radius:10px;margin-top:8px;display:block}
.texts{border:1px solid var(--line);border-radius:22px;background:var(--tint);padding:18px 14px;
max-width:390px}
.bubble{background:light-dark(#e3e6ea,#323b47);border-radius:18px 18px 18px 5px;padding:10px 14px;
white-space:pre-wrap;overflow-wrap:anywhere;max-width:92%;width:fit-content;line-height:1.42}
.texts small{display:block;margin:7px 4px 0;font-size:12.5px}
.other{border:1px solid var(--line);border-radius:12px;padding:4px 14px;background:var(--tint)}
.none{border:1px dashed var(--line);border-radius:12px;padding:26px 18px;color:var(--soft);
text-align:center;font-size:14.5px}
.extra{font-size:12.5px;color:var(--soft);margin:8px 2px 0;overflow-wrap:anywhere}
:root:has(#w-desktop:checked) .pair .two{
grid-template-columns:repeat(auto-fit,minmax(min(100%,580px),1fr))}
:root:has(#w-desktop:checked) .mail iframe{height:700px}
"""

PREVIEW = """
.pickers{display:grid;gap:10px;margin:0 0 22px}
.pickers fieldset{display:grid;grid-template-columns:5.5em 1fr;gap:8px;align-items:start}
.pickers legend{padding:6px 0}.pickers .seg{width:fit-content;max-width:100%}
.pickers .seg label{padding:6px 13px}
.set>h2{margin:0 0 2px}.set>.lead{margin:0 0 16px}
.cards{display:grid;gap:22px;grid-template-columns:repeat(auto-fit,minmax(min(100%,390px),390px));
align-items:start}
.one{min-width:0}.one h3{text-transform:capitalize}.one>p{margin:0 0 10px}
.one .mail iframe{height:720px}
:root:has(#w-desktop:checked) .cards{
grid-template-columns:repeat(auto-fit,minmax(min(100%,390px),1fr))}
:root:has(#w-desktop:checked) .one:has(.mail){grid-column:1/-1;max-width:900px}
@media(max-width:640px){.pickers fieldset{grid-template-columns:1fr;gap:2px}.pickers legend{
padding:0;float:none}}
.alone{display:grid;place-items:center;min-height:100vh;padding:24px}
.alone .message{width:390px;max-width:100%}
.alone.desktop .message{width:760px}.alone .mail iframe{height:calc(100vh - 130px)}
"""
