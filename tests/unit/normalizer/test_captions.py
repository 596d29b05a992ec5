"""The small print above tables: places whose names begin like a unit."""

from __future__ import annotations

import pytest

from services.normalizer.captions import read_caption


@pytest.mark.parametrize(
    ("line", "entity", "unit"),
    [
        ("部门：元江县云栖服务局", "元江县云栖服务局", None),
        ("部门：元江哈尼族彝族傣族自治县云栖服务局", "元江哈尼族彝族傣族自治县云栖服务局", None),
        ("单位：元谋县云栖服务局", "元谋县云栖服务局", None),
        ("单位名称：元氏县云栖服务局    金额单位：万元", "元氏县云栖服务局", "万元"),
        ("编制单位：元阳县云栖中心 单位：元", "元阳县云栖中心", "元"),
        ("金额单位：元部门：澄溪县云栖服务局", "澄溪县云栖服务局", "元"),
        ("单位：元", None, "元"),
        ("单位：万元公开01表", None, "万元"),
        ("金额单位：人民币元", None, "元"),
    ],
)
def test_a_place_is_no_unit_and_a_unit_no_place(line: str, entity: str | None, unit: str | None) -> None:
    caption = read_caption(line)
    assert caption is not None
    assert (caption.entity, caption.unit_printed) == (entity, unit)
