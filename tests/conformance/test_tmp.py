import sys, time, asyncio, httpx, pytest

sys.path.insert(0, "/work/main")
from conformance.live import live_server
from makers.world import *
from conftest import copy_of

pytestmark = pytest.mark.anyio


async def test_it(postgres, template, dsn):
    t = time.perf_counter()
    db = await connect(dsn)
    w = await make_small_world(db)
    await db.close()
    print("world", time.perf_counter() - t)
    t = time.perf_counter()
    name = dsn.rsplit("/", 1)[1].split("?")[0]
    for i in range(3):
        t = time.perf_counter()
        async with copy_of(postgres, name) as d2:
            print("copy", time.perf_counter() - t)
            t = time.perf_counter()
            with live_server(d2) as url:
                print("up", time.perf_counter() - t)
                t = time.perf_counter()
                async with httpx.AsyncClient(base_url=url) as c:
                    print((await c.get("/health/ready")).text, time.perf_counter() - t)
                    t = time.perf_counter()
            print("down", time.perf_counter() - t)
            t = time.perf_counter()
        print("drop", time.perf_counter() - t)
