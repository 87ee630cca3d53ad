"""The GOV.UK Design System kit: fields, tags, page, tables, charts and map; no domain words."""
