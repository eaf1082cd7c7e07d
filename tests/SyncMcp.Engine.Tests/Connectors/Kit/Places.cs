namespace SyncMcp.Engine.Tests.Connectors.Kit;

/// <summary>Places by the connector's name.</summary>
public static class Places
{
    /// <summary>Opens an empty one, for one side of a run.</summary>
    public static Task<KitPlace> OpenAsync(string connector, Lab lab, bool isSource) => connector switch
    {
        "SQLite" => Task.FromResult<KitPlace>(new SqlitePlace(lab, isSource ? lab.Source : lab.Destination)),
        "CSV" => Task.FromResult<KitPlace>(new CsvPlace(lab, isSource ? "from" : "to")),
        "PostgreSQL" => PostgreSqlPlace.OpenAsync(lab),
        _ => throw new ArgumentOutOfRangeException(nameof(connector), connector, "no such place"),
    };
}
