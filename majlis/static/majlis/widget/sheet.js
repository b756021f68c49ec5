// The panel's looks: tokens after the desk's, sizes in px since pages change the root size; logical properties only.

import { NARROW } from "./dom.js";

const DARK =
  "--surface:#1b1917;--fill:#262421;--fill-2:#33302d;--line:#302d2a;--line-2:#433f3b;--line-field:#79746d;--text-2:#bdbab4;--text-3:#9e9b95;--bad-soft:#3e211f;--accent:color-mix(in oklab,var(--brand) 45%,#fff);--sh-2:0 4px 14px #00000059;--sh-3:0 16px 44px #0000008c";

export const SHEET = `
.m{--surface:#fefefc;--fill:#f3f0ea;--fill-2:#e9e6df;--line:#e4e0da;--line-2:#d3cfc7;--line-field:#908a81;--text-2:#514a44;--text-3:#6a635d;--bad-soft:#ffebe9;--accent:color-mix(in oklab,var(--brand) 80%,#000);--sh-2:0 1px 2px #0000000f,0 4px 14px #00000012;--sh-3:0 2px 6px #00000017,0 16px 44px #0000002b}
.m[data-theme=dark]{${DARK}}
@media(prefers-color-scheme:dark){.m[data-theme=auto]{${DARK}}}
textarea,input{font:inherit;color:inherit;margin:0}
.w,.w *{box-sizing:border-box}
.w :is(h2,h3,p,ul,ol,pre,blockquote){margin:0}
.w :is(ul,ol){padding-inline-start:20px}
[hidden]{display:none!important}
.w a{color:inherit}
.vh{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.w{position:fixed;inset-block-end:calc(var(--off) + 72px);inset-inline-end:24px;inline-size:380px;block-size:min(640px,calc(100vh - var(--off) - 96px));display:flex;flex-direction:column;background:var(--surface);color:var(--text);border-radius:16px;box-shadow:var(--sh-3),0 0 0 1px var(--line);overflow:hidden;outline:0;animation:rise .15s}
[data-side=start] .w{inset-inline:24px auto}
@keyframes rise{from{opacity:0;translate:0 4px}}
.btn{display:inline-flex;align-items:center;justify-content:center;gap:6px;min-block-size:34px;padding:0 12px;border-radius:8px;border:1px solid var(--line-2);background:var(--raised);color:var(--text);font-weight:500;font-size:13px;line-height:1.3;text-decoration:none;cursor:pointer}
.btn:hover{background:var(--fill)}
.w .go{background:var(--brand);border-color:transparent;color:var(--on-brand)}
.go:hover{filter:brightness(.92)}
.w .ghost{background:none;border-color:transparent;color:var(--text-2)}
.w .ic{inline-size:32px;min-block-size:32px;padding:0;border-radius:6px;flex:none}
.w .link{border:0;background:none;padding:0;min-block-size:24px;color:inherit;font-size:12px;text-decoration:underline;text-underline-offset:.22em;cursor:pointer}
[aria-busy=true].btn{opacity:.6}
[dir=rtl] .mirror svg{transform:scaleX(-1)}
.head{background:var(--brand);color:var(--on-brand);padding:16px 20px;display:flex;align-items:center;gap:8px;flex:none}
.head .grow{flex:1;min-inline-size:0}
.head b{font-weight:600;display:block;text-align:match-parent;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.head .sub{font-size:12px;line-height:1.4;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
.w .head .btn{color:inherit;background:none;border-color:transparent}
.w .head .btn:hover{background:color-mix(in oklab,currentColor 14%,transparent)}
.w .head :focus-visible{outline-color:currentColor}
.logo canvas{display:block;border-radius:6px}
.avs{display:inline-flex;flex:none}
.av{display:inline-grid;place-items:center;inline-size:28px;block-size:28px;border-radius:50%;overflow:hidden;flex:none;font-size:12px;font-weight:600;line-height:1;background:hsl(var(--hue) 45% 86%);color:hsl(var(--hue) 50% 25%)}
.avs .av+.av{margin-inline-start:-6px}
.avs .av{box-shadow:0 0 0 2px var(--brand)}
.greet{padding:0 20px 60px;display:block}
.greet h2{font-size:21px;font-weight:600;line-height:1.45}
.body{flex:1;min-block-size:0;overflow-y:auto;overscroll-behavior:contain;padding:16px;position:relative}
.home{margin-block-start:-48px;display:flex;flex-direction:column;gap:16px}
.card{background:var(--raised);color:var(--text);border:1px solid var(--line);border-radius:12px;box-shadow:var(--sh-2);padding:16px;text-align:start;font-size:14px;inline-size:100%}
button.card{display:flex;align-items:center;justify-content:space-between;gap:12px;cursor:pointer}
button.card:hover{border-color:var(--line-2)}
.card b,.card h3{font-weight:600;font-size:14px}
.card .t2{color:var(--text-2);font-size:13px;display:block}
.card svg{inline-size:20px;block-size:20px;color:var(--accent)}
.rows{padding:12px 16px 4px}
.w .row{display:flex;align-items:center;gap:8px;inline-size:100%;min-block-size:44px;padding:6px 0;border:0;border-block-start:1px solid var(--line);background:none;text-align:start;cursor:pointer;font-size:13px}
.w .row:hover{color:var(--accent)}
.row .text{flex:1;min-inline-size:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;text-align:start}
.row small{font-size:12px;color:var(--text-3);flex:none}
.row svg{inline-size:14px;block-size:14px;color:var(--text-3)}
.row .new{font-weight:600}
.dot{inline-size:8px;block-size:8px;border-radius:50%;background:var(--bad);flex:none}
.chat{display:flex;flex-direction:column;gap:12px;min-block-size:100%}
.log{display:flex;flex-direction:column;gap:12px}
.day,.note{align-self:center;text-align:center;font-size:12px;color:var(--text-3)}
.who{display:flex;align-items:center;gap:6px;font-size:12px;color:var(--text-2);margin-block-end:-6px}
.who .av{inline-size:22px;block-size:22px;font-size:10px}
.who .av canvas{inline-size:22px!important}
.turn{display:flex;flex-direction:column;gap:6px;align-items:flex-start;max-inline-size:84%;align-self:flex-start}
.turn.me{align-items:flex-end;align-self:flex-end}
.bub{padding:9px 14px;border-radius:16px;border-end-start-radius:5px;font-size:15px;line-height:1.65;background:var(--fill);color:var(--text);overflow-wrap:anywhere;max-inline-size:100%;text-align:start}
.me .bub{background:var(--brand);color:var(--on-brand);border-radius:16px;border-end-end-radius:5px}
.bub>*+*{margin-block-start:8px}
.w .bub :focus-visible{outline-color:currentColor}
.bub blockquote{border-inline-start:2px solid;padding-inline-start:10px;opacity:.9}
.bub h3{font-size:15px;font-weight:600}
.bub :is(pre,code){font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap}
.lines{white-space:pre-wrap}
.fails .bub{background:var(--bad-soft);color:var(--text);box-shadow:0 0 0 1px var(--bad)}
.meta{font-size:12px;color:var(--text-3);line-height:1.5}
.fails .meta{color:var(--bad)}
.meta .link{margin-inline-start:8px}
.pic{display:block;border-radius:12px;overflow:hidden;max-inline-size:100%;border:1px solid var(--line)}
.pic canvas{display:block;max-inline-size:100%}
.w .chip{display:inline-flex;align-items:center;gap:8px;min-block-size:36px;max-inline-size:100%;padding:4px 12px;border:1px solid var(--line-2);border-radius:12px;background:var(--raised);color:var(--text);font-size:13px;text-decoration:none}
.chip .text{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-inline-size:0}
.chip small{font-size:12px;color:var(--text-3);flex:none}
.chip canvas{inline-size:24px!important;border-radius:4px}
.chips{display:flex;flex-wrap:wrap;gap:6px;padding-block-end:8px}
.types{display:flex;align-items:center;gap:8px;font-size:12px;color:var(--text-3)}
.dots{display:inline-flex;gap:3px;padding:14px;border-radius:16px;border-end-start-radius:5px;background:var(--fill)}
.dots i{inline-size:5px;block-size:5px;border-radius:50%;background:currentColor;animation:dot 1.2s infinite}
.dots i:nth-child(2){animation-delay:.15s}.dots i:nth-child(3){animation-delay:.3s}
@keyframes dot{0%,60%,100%{opacity:.3}30%{opacity:1;translate:0 -2px}}
.where{display:flex;flex-direction:column;gap:6px}
.where label{font-size:13px;font-weight:500}
.w .where input{inline-size:100%;min-block-size:36px;padding:6px 12px;border:1px solid var(--line-field);border-radius:8px;background:var(--surface);color:var(--text);font-size:16px;text-align:start}
[dir=rtl] .where input{text-align:end}
.hint{font-size:12px;color:var(--text-3)}
.where div{display:flex;flex-wrap:wrap;gap:8px;margin-block-start:6px}
.bad{color:var(--bad);font-size:12px}
.w .more{position:sticky;inset-block-end:0;align-self:center;border-radius:99px;box-shadow:var(--sh-2)}
.foot{padding:12px;border-block-start:1px solid var(--line);flex:none;padding-block-end:calc(8px + env(safe-area-inset-bottom,0px))}
.foot .bad,.foot .hint{padding:0 4px 8px}
.in{display:flex;align-items:flex-end;gap:4px;border:1px solid var(--line-field);border-radius:12px;padding:5px 6px;background:var(--raised)}
.in:focus-within{outline:2px solid var(--accent);outline-offset:1px}
.w .in textarea{flex:1;min-inline-size:0;border:0;background:none;outline:0;resize:none;padding:5px 8px;font-size:14px;line-height:1.5;block-size:31px;max-block-size:120px;text-align:start}
.in textarea::placeholder,.where input::placeholder{color:var(--text-3);opacity:1}
[dir=rtl] .in textarea:placeholder-shown{direction:rtl;unicode-bidi:isolate}
.by{font-size:12px;color:var(--text-3);text-align:center;padding-block:8px 2px}
.by .link{margin-inline-start:12px}
.drop::after{content:attr(data-drop);position:absolute;inset:8px;display:grid;place-items:center;border:2px dashed var(--accent);border-radius:12px;background:var(--surface);opacity:.94;font-weight:600}
${NARROW}{
.m .w{inset:var(--top,0) 0 auto;inline-size:auto;block-size:var(--tall,100dvh);border-radius:0;box-shadow:none}
.open .launch{display:none}
.head{padding-block-start:calc(16px + env(safe-area-inset-top,0px))}
.w .in textarea{font-size:16px}
}
@media(pointer:coarse){.w .btn,.w .link,.w .chip{min-block-size:44px}.w .ic{inline-size:44px;min-block-size:44px}.w .in textarea{padding-block:10px;block-size:44px}}
@media(prefers-reduced-motion:reduce){.w,.dots i{animation:none}.dots i{opacity:.7}}
@media(forced-colors:active){.w,.bub,.head,.dots,.av{border:1px solid}.dot{forced-color-adjust:none}}`;
