"""Text, Markdown, web pages and web archives."""

from __future__ import annotations

from tests.fuzz.monsters.kit import Monster, away, external, html, laughs, nested


def _tables(times: int) -> bytes:
    return html("<table><tr><td>" * times + "1" + "</td></tr></table>" * times)


def _covering() -> bytes:
    return html(f"<table>{'<tr><td colspan=1000 rowspan=65534>1' * 2000}</table>")


def _million() -> bytes:
    return html(f"<table>{'<tr>' + '<td>1</td>' * 100 + '</tr>'}{'<tr><td>1' * 10_000}</table>")


def _attributes() -> bytes:
    return html(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>决算</p>")


def _pictures(port: int) -> str:
    place = away(port)
    return (
        f'<p>决算</p><img src="{place}.png"><iframe src="{place}"></iframe><object data="{place}"></object>'
        f'<table background="{place}"><tr><td>1</td></tr></table><script src="{place}.js"></script>'
    )


def _linked(port: int) -> bytes:
    return html(_pictures(port), f'<base href="{away(port)}"><link rel="stylesheet" href="{away(port)}">')


def _ragged() -> bytes:
    """Rows of which each has another number of cells and another order of words and amounts."""
    widths = [20 + number * 7919 % 44 for number in range(1000)]
    rows = [
        "\t".join("1.00" if number * place % 3 else "x" for place in range(width))
        for number, width in enumerate(widths)
    ]
    return "\n".join(rows).encode()


def _archive(parts: bytes) -> bytes:
    return b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n' + parts + b"\n--b--\n"


def _dolls() -> bytes:
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b%d"\n\n--b%d\n'
    return b"".join(head % (number, number) for number in range(2000))


TEXTS: tuple[Monster, ...] = (
    Monster("十万层.html", lambda _: html(nested("div", 100_000))),
    Monster("十万层表格.html", lambda _: _tables(100_000)),
    Monster("二百层表格.html", lambda _: _tables(200)),
    Monster("十亿列.html", lambda _: html("<table><tr><td colspan=1000000000>a<td rowspan=1000000000>b</table>")),
    Monster("处处跨越.html", lambda _: _covering()),
    Monster("长行.html", lambda _: html(f"<table><tr>{'<td>1</td>' * 200_000}</tr></table>")),
    Monster("百万格.html", lambda _: _million()),
    Monster("属性.html", lambda _: _attributes()),
    Monster("不闭合.html", lambda _: html("<b><i><table><tr><td>" * 30_000)),
    Monster("注释.html", lambda _: b"<html><!--" * 300_000),
    Monster("实体.html", lambda _: f"{laughs()}<html><body>&l11;决算</body></html>".encode()),
    Monster("外链.html", _linked),
    Monster("外部实体.html", lambda port: f"{external(port)}<html><body>&e;&f;决算</body></html>".encode()),
    Monster("空白.txt", lambda _: ("\t" * 2000 + "\n").encode() * 5000),
    Monster("一行.txt", lambda _: "决算\t1.00\t".encode() * 500_000),
    Monster("没有换行.txt", lambda _: "决".encode() * 5_000_000),
    Monster("行数.txt", lambda _: "项目\t1.00\n".encode() * 300_000),
    Monster("参差.txt", lambda _: _ragged()),
    Monster("横线.md", lambda _: b"|" * 200_000 + b"\n" + b"|-" * 100_000 + b"|\n" + b"|a" * 100_000),
    Monster("引用.md", lambda _: b">" * 50_000 + "决算\n".encode()),
    Monster("方括号.md", lambda _: b"[" * 50_000 + b"](" * 50_000),
    Monster("强调.md", lambda _: b"*a_" * 50_000),
    Monster("列表.md", lambda _: b"".join(b" " * (2 * n) + b"- a\n" for n in range(2000))),
    Monster("表格.md", lambda _: b"|a|b|\n|-|-|\n" + b"|1|2|\n" * 50_000),
    Monster("套娃.mht", lambda _: _dolls()),
    Monster("外链.mht", lambda port: _archive(b"Content-Type: text/html\n\n" + html(_pictures(port)))),
)
