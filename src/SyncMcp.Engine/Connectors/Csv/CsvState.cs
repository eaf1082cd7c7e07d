using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>What is known of a file that jobs write, in <c>.sync/NAME.state</c> beside it: whose it is, and how far each task has read.</summary>
internal sealed record CsvState
{
    /// <summary>The tasks that write it, the first one first.</summary>
    [JsonPropertyName("tasks")] public IReadOnlyList<CsvTask> Tasks { get; init; } = [];

    /// <summary>Columns in the order of the file, for files without a header.</summary>
    [JsonPropertyName("columns")] public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The job that made the file; null where nobody's did.</summary>
    [JsonIgnore] public string? Owner => Tasks.Count == 0 ? null : Tasks[0].Job;

    public bool Owns(string job) => Tasks.Any(task => task.Job == job);

    public CsvTask? Find(string job, string task) => Tasks.FirstOrDefault(known => known.Job == job && known.Task == task);

    public CsvState With(CsvTask task, IReadOnlyList<string> columns) => new()
    {
        Tasks = Find(task.Job, task.Task) is null ? [.. Tasks, task] : [.. Tasks.Select(known => known.Job == task.Job && known.Task == task.Task ? task : known)],
        Columns = columns,
    };

    /// <summary>The tasks of a job whose names begin so, but for one, have read nothing; they stay, for they say whose file it is.</summary>
    public CsvState Forgetting(string job, string parent, string but) => this with
    {
        Tasks = [.. Tasks.Select(known => known.Job == job && known.Task != but && known.Task.StartsWith(parent, StringComparison.Ordinal) ? known with { Checkpoint = "" } : known)],
    };

    /// <summary>Reads a state; an empty one where there is none.</summary>
    /// <exception cref="ReplicationException">Code <c>state_damaged</c>.</exception>
    public static CsvState Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), CsvStateJson.Default.CsvState)! : new();
        }
        catch (JsonException e)
        {
            throw new ReplicationException("state_damaged", $"{path} cannot be read: it says whose file it is and how far it was read. Delete it to begin anew; a person must then approve that the job writes into the file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CsvErrors.Opening(path, e);
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, CsvStateJson.Default.CsvState);
}

/// <summary>One task's part of the state.</summary>
internal sealed record CsvTask
{
    [JsonPropertyName("job")] public required string Job { get; init; }

    [JsonPropertyName("task")] public required string Task { get; init; }

    [JsonPropertyName("run")] public required string Run { get; init; }

    [JsonPropertyName("adopted")] public bool Adopted { get; init; }

    [JsonPropertyName("statement")] public required string Statement { get; init; }

    [JsonPropertyName("types")] public required IReadOnlyDictionary<string, string> Types { get; init; }

    [JsonPropertyName("checkpoint")] public required string Checkpoint { get; init; }
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(CsvState))]
internal sealed partial class CsvStateJson : JsonSerializerContext;
