"""What makes a template a mail: MJML, styles, link tags, preheader, and the text part."""
