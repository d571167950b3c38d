/** The style sheet of reports: the live page's colours, on paper. Print has the light ones, whatever the screen had. */

const LIGHT = `--paper:#ffffff;--soft:#f5f7fa;--ink:#1b2430;--muted:#5a6675;--line:#dbe1e9;--grid:#e9edf2;--accent:#0b63c5;
--good:#14763a;--good-soft:#dff3e5;--odd:#8a5a00;--odd-soft:#fdf0d2;--bad:#c02632;--bad-soft:#fde3e4;--none-soft:#e8ecf1;
--fault:#c0263217;--renumbering:#7a4bd01c;--restart:#5a667521;--renumbering-bar:#7a4bd0;
--p0:#0b63c5;--p1:#c2570c;--p2:#0f8a6d;--p3:#9333ac;--p4:#a67c00;--p5:#c0266f;--p6:#4f6bd8;--p7:#5c6b2f`;

const DARK = `--paper:#10161d;--soft:#18202a;--ink:#e7edf4;--muted:#9aa8b8;--line:#2a3542;--grid:#222c37;--accent:#6cb2ff;
--good:#5fd38a;--good-soft:#12331f;--odd:#f0b849;--odd-soft:#3a2c0c;--bad:#ff8087;--bad-soft:#431a1e;--none-soft:#25303c;
--fault:#ff808722;--renumbering:#b48cff22;--restart:#9aa8b826;--renumbering-bar:#b48cff;
--p0:#6cb2ff;--p1:#ff9d5c;--p2:#4fd1b0;--p3:#d08cf0;--p4:#e3c04d;--p5:#ff85b9;--p6:#9fb0ff;--p7:#b6c777`;

const PROVIDERS = Array.from({ length: 8 }, (_, index) => `.p${index}{--c:var(--p${index})}`).join("");

export const STYLE = `:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
header,main,footer{max-width:1180px;margin:0 auto;padding:0 32px}
h1,h2,h3,p,ul,ol,dl,dd,figure{margin:0;padding:0}ul,ol{list-style:none}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.87em}
code{overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
header{padding-top:44px}
.eyebrow{color:var(--muted);font-size:13px;letter-spacing:.04em}
h1{font-size:32px;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin-top:2px;overflow-wrap:anywhere}
.deck{font-size:18px;line-height:1.45;color:var(--muted);max-width:62ch;margin-top:8px}
.about{display:flex;flex-wrap:wrap;gap:10px 32px;margin-top:20px;padding:14px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line);font-size:13.5px}
dt,.label{color:var(--muted);font-size:12px}dd{overflow-wrap:anywhere}
h2{font-size:20px;font-weight:650;letter-spacing:-.01em;margin:44px 0 10px}
h3{font-size:14px;font-weight:650;margin:18px 0 4px;overflow-wrap:anywhere}
.note,.none{color:var(--muted);font-size:13px;max-width:84ch;margin:6px 0 18px}
.small{font-size:12.5px;color:var(--muted)}
.sum{font-size:18px;font-weight:600;margin-bottom:14px}
.good{--t:var(--good);--s:var(--good-soft)}.bad{--t:var(--bad);--s:var(--bad-soft)}.odd{--t:var(--odd);--s:var(--odd-soft)}.none{--t:var(--muted);--s:var(--none-soft)}
.sum,.outcome{color:var(--t)}
.verdicts{border-top:1px solid var(--line)}
.verdicts>li{display:grid;grid-template-columns:150px minmax(0,1fr);gap:4px 20px;padding:12px 0 12px 12px;border-bottom:1px solid var(--line);border-left:3px solid var(--t);overflow-wrap:anywhere}
.verdicts>li:target{background:var(--soft)}
.outcome{font-weight:600}.expected{font-weight:550}
.measured,.because{font-size:14px}.label{margin-right:4px}
.evidence{display:flex;flex-wrap:wrap;gap:0 18px;font-size:13.5px;color:var(--muted);margin-top:2px}
.tag{display:inline-block;border-radius:4px;padding:0 6px;font-size:12px;font-weight:600;background:var(--s,var(--none-soft));color:var(--t,var(--muted));text-decoration:none}
.key{margin-bottom:12px;display:flex;flex-wrap:wrap;gap:4px 20px;font-size:13px;color:var(--muted)}.key li{display:flex;align-items:center;gap:6px}
.timeline{--gutter:310px;position:relative;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.backdrop{position:absolute;left:var(--gutter);top:0;width:calc(100% - var(--gutter))}
.timeline>:not(.backdrop){position:relative}
.row{display:grid;grid-template-columns:calc(var(--gutter) - 20px) minmax(0,1fr);column-gap:20px;align-items:start}
.who{font-size:13px;line-height:1.35;overflow-wrap:anywhere;min-width:0}
.plot{display:block;overflow:visible}.row.axis text{paint-order:stroke;stroke:var(--paper);stroke-width:4px}
.row.action{padding:2px 0}.row.track{padding:8px 0 1px}
.row.strip{padding:1px 0;align-items:center}.row.strip .who{font-size:12px;color:var(--muted);text-align:right;line-height:1.25}
.row.axis{padding:3px 0}.row.axis .who{text-align:right}
.when{color:var(--muted);margin-right:2px}
svg text{font-size:11.5px;fill:var(--muted)}
.swatch{display:inline-block;width:9px;height:9px;border-radius:50%;background:var(--c,var(--muted));margin-right:6px}
.grid line{stroke:var(--grid)}.instant line{stroke:var(--muted);stroke-dasharray:3 3}
.band.fault{fill:var(--fault)}.band.renumbering{fill:var(--renumbering)}.band.restart,.band.mark{fill:var(--restart)}
.key .band{stroke:var(--line)}
.pin line{stroke:var(--accent);stroke-width:2;opacity:0}.pin:target line{opacity:1}
.cross{opacity:0}.cross.on{opacity:1}.cross line{stroke:var(--ink);stroke-width:1}
.cross text,.figure{fill:var(--ink);font-weight:600;paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.bar{fill:var(--muted);stroke:var(--muted);stroke-width:2}
.bar.fault{fill:var(--bad);stroke:var(--bad)}.bar.renumbering{fill:var(--renumbering-bar);stroke:var(--renumbering-bar)}
.window{fill:var(--none-soft);stroke:var(--line)}
.moment{fill:var(--t,var(--muted));stroke:var(--paper);stroke-width:1.5}
.base{stroke:var(--line)}
.tick{paint-order:stroke;stroke:var(--paper);stroke-width:3px}
${PROVIDERS}
.dots,.ranges,.medians{fill:none;stroke:var(--c,var(--muted));vector-effect:non-scaling-stroke}
.dots{stroke-width:3;stroke-linecap:round;opacity:.75}.ranges{stroke-width:1.5;opacity:.4}.medians{stroke-width:1.5}
.answers{fill:var(--good)}
.lost{fill:var(--bad);stroke:var(--bad);stroke-width:1;vector-effect:non-scaling-stroke}
.unsent{fill:var(--odd-soft);stroke:var(--odd);stroke-width:1.2}
.outage{fill:var(--bad);fill-opacity:.08}.span{fill:var(--bad)}
.segment{fill:var(--none-soft);stroke:var(--line)}
.segment.preferred{fill:var(--good-soft);stroke:var(--good)}.segment.deprecated{fill:var(--odd-soft);stroke:var(--odd);stroke-dasharray:4 3}
.segment.way{fill:var(--c,var(--muted));fill-opacity:.16;stroke:var(--c,var(--muted))}.segment.foreign{stroke:var(--bad);stroke-width:3;stroke-dasharray:none}
.segment+text,.segment~text{fill:var(--ink);font-size:11px}
.break{stroke:var(--bad);stroke-width:2.5;fill:none}.end{fill:var(--paper);stroke:var(--muted);stroke-width:1.5}
.scroll{overflow-x:auto;margin:14px 0 6px}
table{border-collapse:collapse;min-width:100%;font-size:13px}
caption{text-align:left;font-weight:650;font-size:14px;padding-bottom:4px}
th,td{text-align:left;vertical-align:top;font-weight:400;padding:4px 14px 4px 0;border-bottom:1px solid var(--grid)}
thead th{color:var(--muted);font-size:12px;border-bottom-color:var(--line);white-space:nowrap}
td{white-space:nowrap}td.words{white-space:normal;min-width:12em}tbody th{min-width:9em}td.long{white-space:normal;min-width:22em;overflow-wrap:anywhere}
details{margin:12px 0}summary{cursor:pointer;color:var(--accent);font-size:14px;width:fit-content}
pre{background:var(--soft);border-radius:6px;padding:12px 14px;overflow-x:auto;line-height:1.45}
footer{color:var(--muted);font-size:12.5px;padding-top:36px;padding-bottom:48px}
.boxes{--gutter:240px;margin-bottom:26px}
.box{fill:var(--none-soft);stroke:var(--muted)}.whisker,.middle{stroke:var(--muted)}.middle{stroke:var(--ink);stroke-width:2.5}
.value{fill:var(--accent);fill-opacity:.65}.limit{stroke:var(--bad);stroke-dasharray:4 3;stroke-width:1.5}
@media (max-width:760px){header,main,footer{padding-left:16px;padding-right:16px}header{padding-top:24px}h1{font-size:25px}.deck{font-size:16px}
.about{gap:8px 22px}.timeline{--gutter:0px}.row{grid-template-columns:minmax(0,1fr)}.who,.timeline h3{background:var(--paper)}.row.strip .who,.row.axis .who{text-align:left}
.row.action{padding:5px 0 2px}.verdicts>li{grid-template-columns:minmax(0,1fr)}}
@media print{body{font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}header,main,footer{max-width:none;padding-left:0;padding-right:0}
header{padding-top:0}.row,.verdicts>li,tr,figure{break-inside:avoid}h2,h3,.key,.row.strip:has(+.source){break-after:avoid}
.timeline{--gutter:230px;display:table;table-layout:fixed;width:100%}.axis-head{display:table-header-group;break-inside:avoid}.parts{display:table-row-group}.source,.actions{break-inside:avoid}.source .row{break-inside:auto}
.appendix,section:has(>.timeline){break-before:page}
.scroll:has(tbody tr:nth-child(-n+9):last-child){break-inside:avoid}.scroll{overflow:visible}
table{font-size:8pt}th,td{padding-right:7px}tbody th{min-width:0}td.words{min-width:8em}pre{white-space:pre-wrap;overflow-wrap:anywhere}thead th{white-space:normal}td.long{min-width:0}
details::details-content{content-visibility:visible;block-size:auto}summary{list-style:none;color:var(--ink)}a{color:inherit}@page{margin:16mm}}
`;
