using System.Text;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Csv;

/// <summary>A lab with a folder of CSV files as the source.</summary>
public sealed class CsvLab : IDisposable
{
    private readonly Dictionary<string, string> properties = new(StringComparer.OrdinalIgnoreCase) { ["URI"] = "csv" };

    public CsvLab() => Directory.CreateDirectory(Folder);

    public Lab Lab { get; } = new();

    public string Folder => Path.Combine(Lab.Files, "csv");

    public ResolvedConnection Connection => new("CSV", properties, Lab.Roots);

    public string this[string property]
    {
        set => properties[property] = value;
    }

    public string PathOf(string table) => Path.Combine(Folder, table);

    public void Write(string table, string content) => Write(table, Encoding.UTF8.GetBytes(content));

    public void Write(string table, byte[] content) => File.WriteAllBytes(PathOf(table), content);

    /// <summary>As old as no clock doubts it.</summary>
    public void Age(string table)
    {
        File.SetLastWriteTimeUtc(PathOf(table), new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    public TaskPlan Plan(string? table = null, string? query = null) => Lab.Plan(table, query) with { Source = Connection };

    public TaskResult Run(string? table = null, string? query = null) => Lab.Run(Plan(table, query));

    public ReplicationException Fails(string? table = null, string? query = null) => Lab.Fails(Plan(table, query));

    /// <summary>The rows of a destination table, in the order in which they lie.</summary>
    public List<string> Rows(string table, string columns = "*")
    {
        using var connection = Lab.Open(Lab.Destination);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {columns} FROM {Lab.Quote(table)} ORDER BY rowid";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "null" : reader.GetFieldValue<string>(i))));
        return rows;
    }

    public void Dispose() => Lab.Dispose();
}
