"""The site: views by domain, their forms, and what all pages share."""
