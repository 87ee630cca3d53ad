"""The GOV.UK Design System kit: fields, tags, page, tables, charts and map. No models, no domain words."""
