using System.Text.Json.Nodes;
using SyncMcp.Testing;

namespace SyncMcp.Tests.Testing;

/// <summary>Connections to PostgreSQL: to the tests' own server, or to one that nobody reaches.</summary>
internal static class PostgreSql
{
    /// <summary>Arguments of create_connection for a server that does not exist.</summary>
    public static JsonObject New(string name, string password) => New(name, "db.example.com", 5432, "crm", "sync", password);

    /// <summary>Arguments of create_connection for the tests' own server.</summary>
    public static JsonObject New(string name, PostgresServer server, string database) => New(name, "127.0.0.1", server.Port, database, PostgresServer.User, PostgresServer.Password);

    /// <summary>A new database on the tests' own server, with what the statements make there.</summary>
    public static async Task<(PostgresServer Server, string Database)> NewDatabaseAsync(params string[] statements)
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.NewDatabaseAsync();
        await using var connection = await server.OpenAsync(database);
        foreach (var statement in statements)
            await PostgresServer.ExecuteAsync(connection, statement);
        return (server, database);
    }

    private static JsonObject New(string name, string server, int port, string database, string user, string password) => new()
    {
        ["name"] = name,
        ["connector"] = "PostgreSQL",
        ["properties"] = new JsonObject { ["Server"] = server, ["Port"] = port.ToString(), ["Database"] = database, ["User"] = user, ["Password"] = password },
    };
}
