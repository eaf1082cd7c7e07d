using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Connectors.PostgreSql;
using SyncMcp.Testing;

namespace SyncMcp.Engine.Tests.Connectors.PostgreSql;

/// <summary>Testing a connection and listing what is there, by the connector itself.</summary>
public sealed class ProbeTests
{
    private static readonly IConnector Connector = ConnectorList.Find("postgresql")!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_answers_says_its_version_and_how_many_tables_it_has()
    {
        await using var place = await PgPlace.NewAsync("CREATE TABLE a(id int)", "CREATE VIEW v AS SELECT 1 AS one", "CREATE TABLE _syncmcp_checkpoint(id int)");
        var test = await Connector.TestAsync(place.Connection(), Ct);
        Assert.True(test.Success, test.Message);
        Assert.StartsWith("PostgreSQL 1", test.Message, StringComparison.Ordinal);
        Assert.EndsWith("2 tables and views.", test.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Password", "wr0ng-c4nary", "refuses user postgres")]
    [InlineData("Password", null, "asks user postgres for a password")]
    [InlineData("User", "nobody", "refuses user nobody")]
    [InlineData("Database", "nowhere", "no database nowhere")]
    [InlineData("Schema", "publik", "\"publik\"")]
    [InlineData("Schema", "publik", "\"public\"")]
    [InlineData("Port", "1", "no PostgreSQL server answers at 127.0.0.1:1")]
    [InlineData("Port", "5432x", "1 to 65535")]
    [InlineData("Server", "no-such-host.invalid", "no PostgreSQL server answers")]
    [InlineData("Server", "one,two", "name one")]
    [InlineData("Server", null, "no Server")]
    [InlineData("SSL Mode", "verify-full", "SSL")]
    [InlineData("SSL Mode", "none", "verify-full")]
    public async Task A_connection_that_does_not_open_says_why_and_never_the_password(string property, string? value, string why)
    {
        await using var place = await PgPlace.NewAsync();
        var connection = place.Connection();
        var properties = new Dictionary<string, string>(connection.Properties, StringComparer.OrdinalIgnoreCase);
        if (value is null)
            properties.Remove(property);
        else
            properties[property] = value;
        var test = await Connector.TestAsync(connection with { Properties = properties }, Ct);
        Assert.False(test.Success, test.Message);
        Assert.Contains(why, test.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("c4nary", test.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_of_the_surroundings_is_never_sent()
    {
        await using var place = await PgPlace.NewAsync();
        var properties = new Dictionary<string, string>(place.Connection().Properties, StringComparer.OrdinalIgnoreCase);
        properties.Remove("Password");
        Environment.SetEnvironmentVariable("PGPASSWORD", PostgresServer.Password);
        try
        {
            var test = await Connector.TestAsync(place.Connection() with { Properties = properties }, Ct);
            Assert.False(test.Success, test.Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PGPASSWORD", null);
        }
    }

    [Fact]
    public async Task Tables_views_and_partitioned_tables_are_listed_and_partitions_are_not()
    {
        await using var place = await PgPlace.NewAsync(
            "CREATE TABLE \"Big Orders\"(id int)",
            "CREATE TABLE parts(id int, d date) PARTITION BY RANGE (d)",
            "CREATE TABLE parts_2026 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
            "CREATE MATERIALIZED VIEW m AS SELECT 1 AS one",
            "CREATE SCHEMA other",
            "CREATE TABLE other.elsewhere(id int)");
        Assert.Equal(["Big Orders:TABLE", "m:VIEW", "parts:TABLE"], (await Connector.TablesAsync(place.Connection(), includeSystem: false, Ct)).Select(table => $"{table.Name}:{table.Type}"));
        Assert.Contains("parts_2026", (await Connector.TablesAsync(place.Connection(), includeSystem: true, Ct)).Select(table => table.Name));
        Assert.Equal(["elsewhere"], (await Connector.TablesAsync(place.Connection("other"), includeSystem: false, Ct)).Select(table => table.Name));
    }

    [Fact]
    public async Task Columns_say_type_size_key_and_null()
    {
        await using var place = await PgPlace.NewAsync(
            "CREATE DOMAIN money2 AS numeric(12,2) NOT NULL",
            "CREATE TABLE t(b int, a bigint, \"Name\" varchar(40), price money2, rough numeric(5,-2), gone int, at timestamptz NOT NULL, tags text[], PRIMARY KEY(a, b))",
            "ALTER TABLE t DROP COLUMN gone");
        var columns = await Connector.ColumnsAsync(place.Connection(), "T", Ct);
        Assert.Equal(
            [
                "b integer key not null", "a bigint key not null", "Name character varying(40) 40", "price numeric(12,2) 12,2 not null", "rough numeric(5,-2) 5,-2",
                "at timestamp with time zone not null", "tags text[]",
            ],
            columns.Select(column => $"{column.Name} {column.DataType}{(column.Length is { } length ? $" {length}" : "")}{(column.Precision is { } digits ? $" {digits},{column.Scale}" : "")}{(column.IsPrimaryKey is true ? " key" : "")}{(column.IsNullable is false ? " not null" : "")}"));
        var missing = await Assert.ThrowsAsync<ReplicationException>(() => Connector.ColumnsAsync(place.Connection(), "tt", Ct));
        Assert.Equal("table_missing", missing.Code);
        Assert.Contains("\"t\"", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_reads_a_source_says_itself_that_it_writes_nothing_whatever_was_made_of_the_sessions_own_rule()
    {
        await using var place = await PgPlace.NewAsync("CREATE TABLE loot(id int)");
        using var session = Session.OpenSource(new(place.Connection()), commandTimeout: null, Ct);
        session.Execute("SET default_transaction_read_only = off"); // as a function of the source could

        var refused = Assert.Throws<ReplicationException>(() => session.Reading(() => session.Execute("INSERT INTO public.loot VALUES (1)")));

        Assert.Contains("read-only", $"{refused.Message} {refused.InnerException?.Message}", StringComparison.Ordinal);
    }
}
