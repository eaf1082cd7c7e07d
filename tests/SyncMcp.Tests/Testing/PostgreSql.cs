using System.Text.Json.Nodes;

namespace SyncMcp.Tests.Testing;

/// <summary>A connection with a secret. The embedded engine keeps such connections and cannot open them yet.</summary>
internal static class PostgreSql
{
    /// <summary>Arguments of create_connection.</summary>
    public static JsonObject New(string name, string password) => new()
    {
        ["name"] = name,
        ["connector"] = "PostgreSQL",
        ["properties"] = new JsonObject { ["Server"] = "db.example.com", ["Port"] = "5432", ["Database"] = "crm", ["User"] = "sync", ["Password"] = password },
    };
}
