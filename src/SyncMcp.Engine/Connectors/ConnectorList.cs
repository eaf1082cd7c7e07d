using SyncMcp.Engine.Connectors.Csv;
using SyncMcp.Engine.Connectors.PostgreSql;
using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Connectors;

/// <summary>The connectors that this engine has.</summary>
public static class ConnectorList
{
    private static readonly IConnector[] All = [new SqliteConnector(), new CsvConnector(), new PostgreSqlConnector()];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Select(connector => connector.Name);

    /// <summary>The connector of that name, whatever its case; null when there is none.</summary>
    public static IConnector? Find(string name) => All.FirstOrDefault(connector => connector.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
