"""The rules, one family per module; importing this package registers all of them."""

from services.validator.rules import (
    a_identity,
    a_numbers,
    a_structure,
    b_t01,
    c_t02,
    d_t03,
    e_t04,
    f_t05,
    g_t06,
    h_t07_t08,
    i_t09,
    j_t10,
    k_cross,
    k_subsets,
    l_codes,
    l_names,
)

__all__ = [
    "a_identity",
    "a_numbers",
    "a_structure",
    "b_t01",
    "c_t02",
    "d_t03",
    "e_t04",
    "f_t05",
    "g_t06",
    "h_t07_t08",
    "i_t09",
    "j_t10",
    "k_cross",
    "k_subsets",
    "l_codes",
    "l_names",
]
