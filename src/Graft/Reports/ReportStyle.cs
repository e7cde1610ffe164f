namespace Graft.Reports;

/// <summary>How pages look: light and dark, on a phone and on paper.</summary>
static class ReportStyle
{
    /// <summary>What all pages share.</summary>
    public const string Common = """
        :root{color-scheme:light dark;--back:#fafbfb;--card:#fff;--ink:#1b2530;--soft:#566472;--line:#dfe5ea;--good:#12946a;
        --bad:#d64541;--bar:#12946a2e;--a:#7a8ba0;--b:#0b7a5b;--edge:#e6ebef;
        --c0:#0b7a5b;--c1:#d1495b;--c2:#2f6fd6;--c3:#b97a00;--c4:#7a50c8;--c5:#0f8b99;--c6:#b0457f;--c7:#74828f}
        @media(prefers-color-scheme:dark){:root{--back:#10161c;--card:#182028;--ink:#e8edf2;--soft:#9caab8;--line:#2c3844;
        --good:#2aa57c;--bad:#e0635f;--bar:#3ecf9f33;--b:#3ecf9f;--edge:#232e38;
        --c0:#3ecf9f;--c1:#f07a8a;--c2:#78a9f5;--c3:#e5b04a;--c4:#b294ee;--c5:#4ec7d4;--c6:#e284b4;--c7:#8d9bab}}
        *{box-sizing:border-box}
        body{margin:0;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:var(--ink);
        background:var(--back)}
        main{max-width:1080px;margin:0 auto;padding:24px 16px 72px}
        h1{font-size:28px;line-height:1.25;margin:8px 0 16px;overflow-wrap:anywhere;letter-spacing:-.01em}
        h2{font-size:20px;margin:44px 0 8px}h3{font-size:16px;margin:22px 0 8px}
        small,.note{color:var(--soft)}.note{margin:4px 0 12px;max-width:76ch}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:10px;margin:0}
        .figures>div{background:var(--card);border:1px solid var(--edge);border-radius:10px;padding:12px 14px}
        .figures b{display:block;font-size:24px;line-height:1.2;font-weight:650}.figures span,.figures dt{color:var(--soft)}
        .figures dd{margin:0}.figures small{font-size:13px}
        .scroll{overflow-x:auto;max-width:100%}
        :focus-visible{outline:2px solid var(--c2);outline-offset:2px}
        table{border-collapse:collapse;margin:8px 0;font-variant-numeric:tabular-nums}
        caption{text-align:left;color:var(--soft);font-size:13px;padding:0 0 6px}
        th,td{padding:5px 12px;text-align:right;border-bottom:1px solid var(--line)}
        th{color:var(--soft);font-weight:500}th:first-child,td:first-child{text-align:left}tr.best td{font-weight:700}
        pre{background:var(--card);border:1px solid var(--edge);padding:12px 14px;border-radius:10px;white-space:pre-wrap;
        overflow-wrap:anywhere}
        @media print{:root{color-scheme:light}body{background:#fff;font-size:12px}main{max-width:none;padding:0}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}figure,article,tr,.figures>div{break-inside:avoid}
        h2,h3{break-after:avoid}}

        """;

    /// <summary>The page of a run.</summary>
    public const string Run = """
        nav{position:sticky;top:0;z-index:2;background:color-mix(in srgb,var(--back) 92%,transparent);margin:0 -16px;
        padding:6px 16px;border-bottom:1px solid var(--line);backdrop-filter:blur(6px)}
        nav ul{display:flex;gap:2px 4px;list-style:none;margin:0;padding:0;overflow-x:auto;scrollbar-width:thin}
        nav a{display:block;white-space:nowrap;color:var(--soft);text-decoration:none;font-size:14px;padding:4px 8px;
        border-radius:6px}nav a:hover{color:var(--ink);background:var(--line)}
        section{scroll-margin-top:52px}section>h2{scroll-margin-top:52px}
        .banner{background:color-mix(in srgb,var(--c3) 16%,var(--card));border-left:4px solid var(--c3);padding:10px 14px;
        border-radius:6px}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:14px;align-items:start}
        .chart{margin:0;max-width:560px;background:var(--card);border:1px solid var(--edge);border-radius:10px;
        padding:12px 14px 10px;min-width:0}
        .chart figcaption{font-weight:600;margin-bottom:4px;overflow-wrap:anywhere}
        .chart>svg{display:block;width:100%;height:auto}
        .grid{stroke:var(--line)}.guide{stroke:var(--soft);stroke-dasharray:4 4;opacity:.8}
        .tick{font-size:11px;fill:var(--soft)}.name{font-size:12px;fill:var(--soft)}
        .chart path{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
        .chart circle{fill:currentColor}.dashed path{stroke-dasharray:6 4}.faint{opacity:.4}
        .points circle{fill-opacity:.55}.bars rect{fill:currentColor;fill-opacity:.75}
        .c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}
        .c6{color:var(--c6)}.c7{color:var(--c7)}
        .legend{display:flex;flex-wrap:wrap;gap:2px 16px;list-style:none;margin:6px 0 0;padding:0;font-size:13px}
        .legend li,.legend label{display:flex;align-items:center;gap:6px;min-width:0}.legend bdi{overflow-wrap:anywhere}
        .legend label{cursor:pointer;padding:2px 0}
        .key{width:22px;height:10px;flex:none}.legend input{margin:0;accent-color:var(--c0)}
        .chart:has(.legend li:nth-child(1) input:not(:checked)) .n1{display:none}
        .chart:has(.legend li:nth-child(2) input:not(:checked)) .n2{display:none}
        .chart:has(.legend li:nth-child(3) input:not(:checked)) .n3{display:none}
        .chart:has(.legend li:nth-child(4) input:not(:checked)) .n4{display:none}
        .chart:has(.legend li:nth-child(5) input:not(:checked)) .n5{display:none}
        .chart:has(.legend li:nth-child(6) input:not(:checked)) .n6{display:none}
        .chart:has(.legend li:nth-child(7) input:not(:checked)) .n7{display:none}
        .chart:has(.legend li:nth-child(8) input:not(:checked)) .n8{display:none}
        .chart:has(.legend li:nth-child(9) input:not(:checked)) .n9{display:none}
        .chart:has(.legend li:nth-child(10) input:not(:checked)) .n10{display:none}
        .chart:has(.legend li:nth-child(11) input:not(:checked)) .n11{display:none}
        .chart:has(.legend li:nth-child(12) input:not(:checked)) .n12{display:none}
        .chart:has(.legend li:nth-child(13) input:not(:checked)) .n13{display:none}
        .chart:has(.legend li:nth-child(14) input:not(:checked)) .n14{display:none}
        .chart:has(.legend li:nth-child(15) input:not(:checked)) .n15{display:none}
        .chart:has(.legend li:nth-child(16) input:not(:checked)) .n16{display:none}
        .chart:has(.legend li:nth-child(17) input:not(:checked)) .n17{display:none}
        .chart:has(.legend li:nth-child(18) input:not(:checked)) .n18{display:none}
        .chart:has(.legend li:nth-child(19) input:not(:checked)) .n19{display:none}
        .chart:has(.legend li:nth-child(20) input:not(:checked)) .n20{display:none}
        .chart:has(.legend li:nth-child(21) input:not(:checked)) .n21{display:none}
        .chart:has(.legend li:nth-child(22) input:not(:checked)) .n22{display:none}
        .chart:has(.legend li:nth-child(23) input:not(:checked)) .n23{display:none}
        .chart:has(.legend li:nth-child(24) input:not(:checked)) .n24{display:none}
        th button{all:unset;cursor:pointer;color:inherit;font:inherit}th button:focus-visible{outline:2px solid var(--c2)}
        th button::after{content:"";display:inline-block;width:1em;text-align:center;opacity:.8}
        th[aria-sort=ascending] button::after{content:"\2191"}th[aria-sort=descending] button::after{content:"\2193"}
        th button:hover{color:var(--ink)}thead th{vertical-align:bottom}
        tbody th,tfoot th{color:var(--ink);text-align:left;overflow-wrap:anywhere;min-width:7em;max-width:26em}
        tfoot th,tfoot td{color:var(--soft);border-bottom:0}
        .num{text-align:right}.bar{background:linear-gradient(90deg,var(--bar) calc(var(--v)*100%),transparent 0)}
        .scroll:has(.long){max-height:560px;overflow-y:auto;border-bottom:1px solid var(--line)}
        .long thead th{position:sticky;top:0;background:var(--back);box-shadow:0 1px var(--line)}
        .filter{display:inline-block;color:var(--soft)}.filter[hidden]{display:none}
        .filter input{font:inherit;padding:3px 8px;border:1px solid var(--line);border-radius:6px;background:var(--card);
        color:inherit;max-width:100%}
        .facts td{text-align:left;overflow-wrap:anywhere;white-space:pre-wrap}.facts tbody th{color:var(--soft);min-width:9em;
        vertical-align:top}.facts{width:100%;table-layout:auto}
        .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:0 32px;align-items:start}
        .choice{border:0;padding:0;margin:0 0 10px;display:flex;flex-wrap:wrap;gap:4px 18px;color:var(--soft)}
        .choice legend{float:left;margin-right:14px;padding:0}.choice label{cursor:pointer}.choice input{accent-color:var(--c0)}
        .matrix th[scope=col]{vertical-align:bottom;text-align:center;padding:4px}
        .matrix th[scope=col] span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:12em;overflow:hidden;
        text-overflow:ellipsis;white-space:nowrap;display:inline-block;text-align:left}
        .matrix td{min-width:46px;height:40px;text-align:center;border:2px solid var(--back);border-radius:6px;padding:2px 6px}
        .matrix thead td{height:auto}.few td{min-width:96px;height:64px;font-size:19px}
        .few th[scope=col] span{writing-mode:horizontal-tb;transform:none;max-width:9em;text-align:center;white-space:normal;
        overflow-wrap:anywhere}
        .matrix .zero{color:color-mix(in srgb,var(--soft) 55%,transparent)}.matrix .zero{background:var(--card)}
        .matrices{--p:var(--n)}
        .matrices .right{--h:var(--good)}.matrices .wrong{--h:var(--bad)}
        .matrix .right,.matrix .wrong{background:color-mix(in srgb,var(--h) calc(12% + var(--n)*60%),transparent)}
        .v-r,.v-c{display:none}.cells .right,.cells .wrong{fill:var(--h);fill-opacity:var(--n)}
        .matrices:has(.by-row:checked) :is(.v-n,.v-c),.matrices:has(.by-column:checked) :is(.v-n,.v-r){display:none}
        .matrices:has(.by-row:checked) .v-r,.matrices:has(.by-column:checked) .v-c{display:inline}
        .matrices:has(.by-row:checked) .matrix :is(.right,.wrong){
        background:color-mix(in srgb,var(--h) calc(12% + var(--r)*60%),transparent)}
        .matrices:has(.by-column:checked) .matrix :is(.right,.wrong){
        background:color-mix(in srgb,var(--h) calc(12% + var(--c)*60%),transparent)}
        .matrices:has(.by-row:checked) .cells :is(.right,.wrong){fill-opacity:var(--r)}
        .matrices:has(.by-column:checked) .cells :is(.right,.wrong){fill-opacity:var(--c)}
        .cells{display:block;background:var(--card);border-radius:10px}.cells text{font-size:9px;fill:var(--soft)}
        .cells .lane{fill:var(--line);fill-opacity:.35}
        .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,236px),1fr));gap:12px}
        figure{margin:0}
        .gallery figure,.row figure{background:var(--card);border:1px solid var(--edge);border-radius:10px;overflow:hidden;
        min-width:0}
        .gallery .wrong{border-top:3px solid var(--bad)}.gallery .right{border-top:3px solid var(--good)}
        .pair{display:grid;grid-template-columns:1fr 1fr;gap:2px}.pair .gone{aspect-ratio:1;text-align:center}
        .pair img{aspect-ratio:1;height:auto}
        .gallery img,.row img{display:block;width:100%;object-fit:cover}
        .gallery div:not(.pair)>img,.row div:not(.pair)>img{aspect-ratio:4/3}
        .gone{aspect-ratio:2;display:grid;place-items:center;color:var(--soft);background:var(--line);font-size:13px;padding:8px}
        .gallery figcaption,.row figcaption{padding:8px 10px;font-size:13px}
        .gallery figcaption small,.row figcaption small{overflow-wrap:anywhere;display:block}
        .gallery dl{margin:0 0 4px}.gallery dl div{display:flex;justify-content:space-between;gap:10px}
        .gallery dt{color:var(--soft)}.gallery dd{margin:0;font-weight:600;overflow-wrap:anywhere;text-align:right}
        .gallery table{margin:0;width:100%;font-size:13px}.gallery :is(th,td){padding:2px 4px;min-width:0}
        .row{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,236px),1fr));gap:10px}
        .examples .row{grid-template-columns:repeat(auto-fill,minmax(min(46%,150px),1fr))}
        .examples .row figcaption{padding:4px 8px}
        .segmented{margin:0 0 14px}.segmented>div{display:grid;grid-template-columns:repeat(4,1fr);gap:4px}
        .segmented img{display:block;width:100%;border-radius:6px}.segmented figcaption{padding:4px 2px;font-size:13px}
        .segmented figcaption small{overflow-wrap:anywhere;color:var(--soft)}.segmented .gone{grid-column:1/-1;aspect-ratio:6}
        .patches{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;padding:0;font-size:14px}
        .patches li>span:first-child{display:inline-block;width:14px;height:14px;border-radius:3px;margin-right:6px;
        vertical-align:-2px;border:1px solid var(--line)}
        .confused h3 small{font-weight:400}h3 bdi{overflow-wrap:anywhere}
        .tag{display:inline-block;padding:0 9px;border-radius:10px;font-size:13px;border:1px solid var(--line);color:var(--soft)}
        .tag.trained{color:var(--c0);border-color:currentColor;font-weight:600}
        details pre{overflow-x:auto;white-space:pre;overflow-wrap:normal;font-size:12px;line-height:1.35}
        details{margin:10px 0}summary{cursor:pointer;color:var(--soft);padding:4px 0}
        @media(max-width:520px){th,td{padding:5px 7px}h1{font-size:22px}.figures b{font-size:20px}
        .figures{grid-template-columns:repeat(auto-fit,minmax(120px,1fr))}.segmented>div{grid-template-columns:1fr 1fr}}
        @media print{nav,.filter,.choice,.legend input{display:none}.scroll,.scroll:has(.long){overflow:visible;max-height:none}
        .chart{border-color:#ccc}section{break-before:auto}}

        """;
}
