using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Engine.Connectors;

/// <summary>
/// Up to where a task has read. A pass goes over all rows whose check column is at or above <see cref="Low"/>, in the order of the key;
/// <see cref="High"/> was the column's highest value when the pass began and becomes the next <see cref="Low"/> when it ends.
/// So a change during the pass is seen by it or by the next one, in whatever order rows lie.
/// </summary>
public sealed record Checkpoint
{
    /// <summary>Grows with each transaction: no state comes twice, so that compare-and-set cannot take one for another.</summary>
    [JsonPropertyName("v")] public long Version { get; init; }

    /// <summary>Hash of what is read: source, statement, check column.</summary>
    [JsonPropertyName("plan")] public required string Plan { get; init; }

    /// <summary>Rows at or above are in the pass; null for all rows.</summary>
    [JsonPropertyName("low")] public string? Low { get; init; }

    /// <summary>The next pass's <see cref="Low"/>.</summary>
    [JsonPropertyName("high")] public string? High { get; init; }

    /// <summary>Where the pass stands; null when it has ended.</summary>
    [JsonPropertyName("at")] public string? Position { get; init; }

    /// <summary>The first load is being cut into intervals and has not come to its end.</summary>
    [JsonPropertyName("first"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool First { get; init; }

    /// <summary>The pass takes rows below <see cref="High"/> only: one interval of the first load.</summary>
    [JsonPropertyName("until"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool Until { get; init; }

    /// <summary><see cref="Low"/> is the value that a person gave to begin at: nothing before it is read, no overlap either.</summary>
    [JsonPropertyName("exact"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool Exact { get; init; }

    /// <summary>The run that wrote it; kept in a column of its own.</summary>
    [JsonIgnore] public string? RunId { get; init; }

    /// <summary>A pass is under way.</summary>
    [JsonIgnore] public bool IsOpen => Position is not null;

    /// <summary>As the destination keeps it.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, CheckpointJson.Default.Checkpoint);

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is something else.</summary>
    public static Checkpoint? Parse(string text, string runId)
    {
        try
        {
            return JsonSerializer.Deserialize(text, CheckpointJson.Default.Checkpoint) is { } read ? read with { RunId = runId } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Checkpoint))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
