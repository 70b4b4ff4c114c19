-- The outbox, where it is installed: the columns that the guide's two statements name (G-84, G-85).
CREATE TABLE chats_outboxevent (
  id bigserial PRIMARY KEY,
  chat_code varchar(100) NOT NULL,
  processed boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
