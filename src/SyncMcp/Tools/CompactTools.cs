using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;

namespace SyncMcp.Tools;

/// <summary>The four tools of the compact surface that stand for all operations: one finds them, three call them.</summary>
internal static class CompactTools
{
    private const string Toolset = "compact";

    /// <summary>Searches the catalogue.</summary>
    public static readonly OwnTool Find = OwnTool.List("find_operations", Toolset,
        "Find operations of CData Sync by words or by area; start here. Returns for the best matches what they do, the tool that calls them and the schema of their arguments; without words the names of all.",
        static () => CompactJson.Default.FindOperations, OperationSearch.AnswerAsync, shaped: true);

    /// <summary>Calls what reads.</summary>
    public static readonly OwnTool CallRead = OwnTool.Calling("call_read", Toolset, Kind.Read,
        "Call an operation that only reads (list_*, get_*, download_*). Returns what the operation returns. Names and arguments: find_operations.",
        static () => CompactJson.Default.CallOperation);

    /// <summary>Calls what makes, changes or starts.</summary>
    public static readonly OwnTool CallWrite = OwnTool.Calling("call_write", Toolset, Kind.Execute,
        "Call an operation that makes, changes, moves, tests or starts something (create_*, add_*, update_*, execute_*). Returns its outcome and the thing. Names and arguments: find_operations.",
        static () => CompactJson.Default.CallOperation);

    /// <summary>Calls what deletes or stops.</summary>
    public static readonly OwnTool CallDelete = OwnTool.Calling("call_delete", Toolset, Kind.Execute,
        "Call an operation that deletes, stops or resets something (delete_*, cancel_*, reset_*). Returns its outcome; the guard asks the person first. Names and arguments: find_operations.",
        static () => CompactJson.Default.CallOperation);

    /// <summary>All of them.</summary>
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
internal sealed partial class CompactJson : JsonSerializerContext;
