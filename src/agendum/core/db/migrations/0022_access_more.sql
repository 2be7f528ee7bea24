-- When a token was last of use: one that nobody comes back with is forgotten.
-- depends: 0002_access

-- NULL: not since it was given.
ALTER TABLE user_tokens ADD COLUMN used_on date;
UPDATE user_tokens SET used_on = CURRENT_DATE;
