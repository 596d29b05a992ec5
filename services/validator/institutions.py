"""Names of public institutions (事业单位): units that are neither offices nor administer anybody."""

from __future__ import annotations

#: how their names end
INSTITUTIONS = (
    "学校",
    "中学",
    "小学",
    "学院",
    "大学",
    "幼儿园",
    "医院",
    "卫生院",
    "图书馆",
    "博物馆",
    "文化馆",
    "研究院",
)
