using System.Globalization;
using Npgsql;
using SyncMcp.Engine.Connectors;
using SyncMcp.Testing;

namespace SyncMcp.Engine.Tests.Connectors.PostgreSql;

/// <summary>A database of a test's own.</summary>
internal sealed class PgPlace : IAsyncDisposable
{
    private readonly bool owns;

    private PgPlace(PostgresServer server, string database, bool owns) => (Server, Database, this.owns) = (server, database, owns);

    public PostgresServer Server { get; }

    public string Database { get; }

    /// <summary>A database on the server of all tests.</summary>
    public static async Task<PgPlace> NewAsync(params string[] statements) => await NewAsync(await PostgresServer.SharedAsync(), owns: false, statements);

    /// <summary>A database on a server that the test may stop.</summary>
    public static async Task<PgPlace> OnOwnServerAsync(params string[] statements) => await NewAsync(await PostgresServer.OwnAsync(), owns: true, statements);

    public ResolvedConnection Connection(string? schema = null, string user = PostgresServer.User, string password = PostgresServer.Password)
    {
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Server"] = "127.0.0.1",
            ["Port"] = Server.Port.ToString(CultureInfo.InvariantCulture),
            ["Database"] = Database,
            ["User"] = user,
            ["Password"] = password,
        };
        if (schema is not null)
            properties["Schema"] = schema;
        return new("PostgreSQL", properties, new(Path.GetTempPath(), () => []));
    }

    public Task<NpgsqlConnection> OpenAsync() => Server.OpenAsync(Database);

    public async Task ExecuteAsync(params string[] statements)
    {
        await using var connection = await OpenAsync();
        foreach (var statement in statements)
            await PostgresServer.ExecuteAsync(connection, statement);
    }

    /// <summary>The rows as lines, their values as the server writes them, sorted.</summary>
    public async Task<List<string>> RowsAsync(string query)
    {
        await using var connection = await OpenAsync();
#pragma warning disable CA2100 // tests write their own statements
        await using var command = new NpgsqlCommand($"SELECT t::text FROM ({query}) AS t", connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(reader.GetString(0));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        if (owns)
            await Server.DisposeAsync();
    }

    private static async Task<PgPlace> NewAsync(PostgresServer server, bool owns, string[] statements)
    {
        var place = new PgPlace(server, await server.NewDatabaseAsync(), owns);
        await place.ExecuteAsync(statements);
        return place;
    }
}
