"""Spreadsheets: headings matched loosely, cells to fields, and fields to cells for the export."""
