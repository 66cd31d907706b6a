-- What the paper is printed on (forms.paper.Medium); of the time before there was a second printer: a page.
ALTER TABLE paper_attempt ADD COLUMN medium TEXT NOT NULL DEFAULT 'page' CHECK (medium IN ('page', 'strip'));
