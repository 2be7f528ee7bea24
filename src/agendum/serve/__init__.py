"""`agendum serve`: a process that watches, and those that do the work.

    agendum serve     holds the data folder, starts PostgreSQL, starts again what falls; answers nothing itself
      web 1, web 2 …  Granian with one event loop, pools and a cache listener of its own; all on the same port
      jobs            the job worker, so that a slow job never delays a request

Granian's own supervisor is not used: it gives up when a worker dies twice within seconds, knows no second Ctrl-C, and
leaves its workers behind when it is killed.

The watcher has one thread, so that forking stays safe: a child that is started again costs no imports. Children end at
once when the watcher is gone, however it died; PostgreSQL lives on, and the next start takes it over.
"""
