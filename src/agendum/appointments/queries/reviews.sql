-- name: review_form^
-- What the review page of a visit shows.
SELECT a.id, a.starts_at, a.deleted_at IS NOT NULL AS is_deleted, l.id AS location_id, l.title, l.logo, l.address,
       l.timezone, la.id AS language_id, la.code AS language_code, la.iso AS language_iso, cu.id AS currency_id, cu.iso AS currency_iso,
       cu.name AS currency_name, cu.symbol AS currency_symbol, cu.is_symbol_after_amount,
       m.id AS member_id, m.name AS member_name, m.specialization, m.avatar, m.show_rating, p.id AS position_id,
       p.title AS position_title, r.votes_count, r.rating_sum,
       (SELECT coalesce(sum(s.cost), 0) FROM appointment_services s
         WHERE s.chain_id = :chain_id AND s.appointment_id = a.id) AS cost,
       (SELECT coalesce(max(ls.prepaid), 'forbidden') FROM appointment_services s
          JOIN location_services ls ON ls.chain_id = :chain_id AND ls.service_id = s.service_id AND ls.location_id = a.location_id
         WHERE s.chain_id = :chain_id AND s.appointment_id = a.id) AS prepaid,
       EXISTS (SELECT FROM reviews v WHERE v.chain_id = :chain_id AND v.appointment_id = a.id AND v.deleted_at IS NULL) AS is_reviewed
  FROM appointments a
  JOIN locations l ON l.chain_id = :chain_id AND l.id = a.location_id
  JOIN languages la ON la.id = l.language_id
  JOIN currencies cu ON cu.id = l.currency_id
  JOIN team_members m ON m.chain_id = :chain_id AND m.id = a.team_member_id
  LEFT JOIN positions p ON p.chain_id = :chain_id AND p.id = m.position_id
  LEFT JOIN team_ratings r ON r.chain_id = :chain_id AND r.team_member_id = m.id
 WHERE a.chain_id = :chain_id AND a.id = :id;

-- name: leave_review$
-- One review a visit; a second one gives no id.
INSERT INTO reviews (chain_id, location_id, team_member_id, appointment_id, user_id, author, rating, text, tips_amount, created_at)
VALUES (:chain_id, :location_id, :team_member_id, :appointment_id, :user_id, :author, :rating, :text, :tips_amount, :at)
ON CONFLICT (chain_id, appointment_id) WHERE appointment_id IS NOT NULL AND deleted_at IS NULL DO NOTHING
RETURNING id;

-- name: count_review!
-- Sums move with each review.
INSERT INTO team_ratings (chain_id, team_member_id, votes_count, rating_sum, comments_count)
VALUES (:chain_id, :team_member_id, 1, :rating, :comments)
ON CONFLICT (chain_id, team_member_id) DO UPDATE
   SET votes_count = team_ratings.votes_count + 1, rating_sum = team_ratings.rating_sum + excluded.rating_sum,
       comments_count = team_ratings.comments_count + excluded.comments_count;

-- name: author_of_review$
-- The client's name stands under his review.
SELECT trim(c.name || ' ' || c.surname) FROM appointments a
  JOIN clients c ON c.chain_id = :chain_id AND c.id = a.client_id
 WHERE a.chain_id = :chain_id AND a.id = :id;
