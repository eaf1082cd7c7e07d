using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SyncMcp.Tools;

/// <summary>A tool that is not one operation of the catalogue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does and returns.</param>
/// <param name="RequestInfo">Contract of its arguments; the published schema is made of it.</param>
/// <param name="IsReadOnly">It changes nothing.</param>
internal sealed record OwnTool(string Name, string Description, JsonTypeInfo RequestInfo, bool IsReadOnly);

/// <summary>All of them, explicitly.</summary>
internal static class OwnTools
{
    /// <summary>Searches the catalogue.</summary>
    public static readonly OwnTool Find = new("find_operations",
        "Find operations of CData Sync by words or by area; start here. Returns for the best matches what they do, the tool that calls them and the schema of their arguments; without words the names of all.",
        OwnToolJson.Default.FindOperations, IsReadOnly: true);

    /// <summary>Calls what reads.</summary>
    public static readonly OwnTool CallRead = new("call_read",
        "Call an operation that only reads (list_*, get_*, download_*). Returns what the operation returns. Names and arguments: find_operations.",
        OwnToolJson.Default.CallOperation, IsReadOnly: true);

    /// <summary>Calls what makes, changes or starts.</summary>
    public static readonly OwnTool CallWrite = new("call_write",
        "Call an operation that makes, changes, moves, tests or starts something (create_*, add_*, update_*, execute_*). Returns its outcome and the thing. Names and arguments: find_operations.",
        OwnToolJson.Default.CallOperation, IsReadOnly: false);

    /// <summary>Calls what deletes or stops.</summary>
    public static readonly OwnTool CallDelete = new("call_delete",
        "Call an operation that deletes, stops or resets something (delete_*, cancel_*, reset_*). Returns its outcome; the guard asks the person first. Names and arguments: find_operations.",
        OwnToolJson.Default.CallOperation, IsReadOnly: false);

    /// <summary>The compact surface.</summary>
    public static IReadOnlyList<OwnTool> All { get; } = [Find, CallRead, CallWrite, CallDelete];
}

/// <summary>Arguments of <c>find_operations</c>.</summary>
internal sealed record FindOperations
{
    /// <summary>What is wanted, for example "rerun a job" or a name.</summary>
    public string? Words { get; init; }

    /// <summary>Only operations of this area.</summary>
    public string? Area { get; init; }
}

/// <summary>Arguments of the tools that call an operation.</summary>
internal sealed record CallOperation
{
    /// <summary>Name of the operation, for example list_jobs.</summary>
    public required string Operation { get; init; }

    /// <summary>The operation's arguments.</summary>
    public JsonObject? Arguments { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(FindOperations))]
[JsonSerializable(typeof(CallOperation))]
internal sealed partial class OwnToolJson : JsonSerializerContext;
