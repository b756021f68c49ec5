// The visitor's conversations as far as they are known here: a row for each, and the messages of those that were looked at.

/** A book of them; `rows` is what the desk listed: [{id, snippet, at, unread, is_closed}]. */
export function book(rows) {
  const threads = new Map();
  const B = {
    rows,
    thread: (id) => threads.get(id),
    row: (id) => rows.find((one) => one.id === id),
    /** How many messages wait unread. */
    unread: () => rows.reduce((sum, one) => sum + (one.unread || 0), 0),
    /** The conversation that goes on, if one does. */
    current: () => rows.find((one) => !one.is_closed),
    /** Keep a thread as the desk tells it; one of which only the id is known begins empty. */
    adopt({ id, seq = 0, is_closed, read = null, entries = [] }) {
      const thread = { id, seq, is_closed, read, entries: new Map(entries.map((entry) => [entry.seq, entry])) };
      threads.set(id, thread);
      if (!B.row(id)) rows.unshift({ id, snippet: "", at: new Date().toISOString(), unread: 0, is_closed });
      return thread;
    },
    /** Write in what is new of a thread; an entry that came before takes its own place. */
    merge(thread, { seq, read, is_closed, entries }) {
      const row = B.row(thread.id);
      for (const entry of entries) {
        if (entry.who !== "me" && !thread.entries.has(entry.seq) && thread.seq) row.unread += 1;
        thread.entries.set(entry.seq, entry);
      }
      thread.seq = Math.max(thread.seq, seq);
      if (read) thread.read = read;
      if (is_closed !== undefined) row.is_closed = thread.is_closed = is_closed;
    },
  };
  return B;
}
