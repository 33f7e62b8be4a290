"""The little style of our own that Streamlit's theme does not give."""

from __future__ import annotations

from pipeline.views.palette import Palette

_ALERTS = {"error": "#c0392b", "warning": "#c98a00", "success": "#1e8449"}


def style(palette: Palette) -> str:
    """A <style> element for the page."""
    quads = dict(zip(("assault", "demand", "talk", "help", "none"), palette.quads, strict=True))
    alerts = "\n".join(f"    .message.{kind} {{ border-color: {colour}; }}" for kind, colour in _ALERTS.items())
    return f"""<style>
    .block-container {{ padding: 2.2rem 2rem 1rem; }}
    @media (max-width: 640px) {{ .block-container {{ padding: 3.6rem 1rem 1rem; }} }}
    /* Plotly draws the map for 700 pixels before it knows its column, and forgets to resize while borders load. */
    .st-key-map-box .gl-container, .st-key-map-box .gl-container > div {{ width: 100% !important; }}
    /* Where nothing can hover, the buttons of a chart are always there: above what is drawn, not over it. */
    @media (hover: none) {{ .stMain .js-plotly-plot .modebar {{ top: -1.7rem !important; }} }}
    @media (hover: none) {{ .stMain [class*="st-key-map"] .js-plotly-plot .modebar {{ top: 2px !important; }} }}
    /* Streamlit's own colours for these are too pale to be read by everybody (WCAG AA). */
    .stMultiSelect span[title], button[kind=primary] p {{ color: {palette.on_primary}; }}
    input::placeholder {{ color: {palette.muted} !important; opacity: 1; }}
    /* Whoever comes by the keyboard sees where they are, also in what is shown to a hovering mouse only. */
    [data-testid=stElementToolbar]:focus-within, .modebar:focus-within {{ opacity: 1 !important; }}
    :is([data-testid=stElementToolbar] button, .modebar-btn):focus-visible,
    .stDataFrame:has(canvas:focus-visible) {{ outline: 2px solid {palette.ink} !important; }}
    h1 {{ font-size: 1.6rem; margin: 0; padding: 0; }}
    h2.menu {{ font-size: 1rem; margin: .4rem 0 0; padding: 0; }}
    .notice, .legend {{ color: {palette.muted}; margin: 0; font-size: .9rem; }}
    .message {{ margin: 0; padding: .6rem .9rem; border-radius: .4rem; border-left: .3rem solid; }}
    .message {{ background: {palette.grid}; color: {palette.ink}; }}
{alerts}
    .found, .said {{ margin: 0; }} .found small, .said small {{ color: {palette.muted}; }}
    .message, .found, .said, .st-key-card div {{ overflow-wrap: anywhere; }}
    .st-key-card h2 {{ padding: 0; font-size: 1.15rem; }} .st-key-card h3 {{ padding: 0; font-size: .95rem; }}
    .st-key-card p, .st-key-card ul {{ margin: .1rem 0; }} .st-key-card small {{ color: {palette.muted}; }}
    .st-key-card blockquote {{ margin: .2rem 0; padding: .1rem .8rem; color: inherit; }}
    .st-key-card dl {{ display: grid; grid-template-columns: max-content 1fr; gap: 0 .8rem; }}
    .st-key-card dl {{ margin: .2rem 0; padding: 0; }}
    .st-key-card dt {{ color: {palette.muted}; }} .st-key-card dd {{ margin: 0; }}
    div:has(> .st-key-glance) {{ position: sticky; bottom: 0; z-index: 5; background: {palette.card}; }}
    .st-key-glance {{ border-top: 2px solid {palette.muted}; padding: .4rem 0 .6rem; color: {palette.ink}; }}
    .st-key-glance summary {{ font-weight: 600; cursor: pointer; }} .st-key-glance p {{ margin: .1rem 0; }}
    .st-key-glance p {{ display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }}
    /* It would hold formulas as they stand and neither sources nor filter: the menu "Export" has the safe one. */
    [data-testid=stElementToolbarButton]:has([aria-label^="Download as CSV"]) {{ display: none; }}
    a.download {{ display: inline-block; padding: .4rem .75rem; border: 1px solid {palette.muted}; }}
    a.download, a.download:visited {{ border-radius: .5rem; color: {palette.ink}; text-decoration: none; }}
    a.download:hover, a.download:focus-visible {{ border-color: {palette.ink}; outline: 2px solid {palette.muted}; }}
    .chip {{ border: 1px solid {palette.muted}; border-radius: 1rem; padding: 0 .5rem; font-weight: 400; }}
    mark {{ color: inherit; background: none; border-radius: .2rem; padding: 0 .1rem; border-bottom: 2px solid; }}
    .marks {{ display: flex; flex-wrap: wrap; gap: .1rem 1rem; font-size: .85rem; color: {palette.muted}; }}
    .marks i {{ display: inline-block; vertical-align: middle; margin-right: .35rem; }}
    .marks .family {{ width: .65rem; height: .65rem; background: currentColor; }}
    .marks .span {{ width: 1.4rem; height: .5rem; background: currentColor; }}
    .marks .night {{ width: .5rem; height: .5rem; background: currentColor; transform: rotate(45deg); }}
    .marks .within {{ width: 1.4rem; height: .65rem; border: solid; border-width: 0 2px; }}
    .marks .within {{ background: linear-gradient(currentColor, currentColor) center / 100% 2px no-repeat; }}
    .marks .vague {{ width: 1.4rem; border-top: 2px dotted; }}
    .marks .halo {{ width: .8rem; height: .8rem; border: 1px solid; border-radius: 50%; }}
    mark.trigger {{ border-color: {quads["assault"]}; font-weight: 600; }}
    mark.time {{ border-color: {quads["demand"]}; }}
    mark.place {{ border-color: {quads["help"]}; }} mark.actor {{ border-color: {quads["talk"]}; }}
    </style>"""
