"""Workbooks: what a reader sees in a cell and on a sheet, whatever the file format."""
