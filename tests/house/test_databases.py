"""The databases that the tests stand on are real, empty and strangers to each other."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from tests.postgres import PostgresServer


async def test_a_database_is_empty_and_can_be_written(database_url: str) -> None:
    engine = create_async_engine(database_url)
    try:
        async with engine.begin() as connection:
            assert await connection.run_sync(lambda c: sa.inspect(c).get_table_names()) == []
            await connection.execute(sa.text("CREATE TABLE note (text VARCHAR(200))"))
            await connection.execute(sa.text("INSERT INTO note VALUES (:text)"), {"text": "Một cửa"})
            assert (await connection.execute(sa.text("SELECT text FROM note"))).scalar_one() == "Một cửa"
    finally:
        await engine.dispose()


def test_two_databases_of_a_server_are_strangers(postgres_server: PostgresServer) -> None:
    first, second = postgres_server.create_database(), postgres_server.create_database()
    try:
        assert first != second
        assert postgres_server.url(first).startswith("postgresql+psycopg://")
    finally:
        postgres_server.drop_database(first)
        postgres_server.drop_database(second)
