using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Tools;

namespace SyncMcp.Filters;

/// <summary>An argument that means the same on every tool and never reaches a record.</summary>
internal enum ControlArgument
{
    /// <summary>Two-step token.</summary>
    ConfirmationToken,

    /// <summary>The same key, the same answer.</summary>
    IdempotencyKey,

    /// <summary>Members to show.</summary>
    Fields,

    /// <summary>Items of a page.</summary>
    Limit,

    /// <summary>Where the next page begins.</summary>
    Cursor,
}

/// <summary>Which tool takes which control arguments (contracts.md "Answers of tools").</summary>
internal static class ControlArguments
{
    /// <summary>Name on the wire.</summary>
    public static string Name(ControlArgument control) => control switch
    {
        ControlArgument.ConfirmationToken => "confirmation_token",
        ControlArgument.IdempotencyKey => "idempotency_key",
        ControlArgument.Fields => "fields",
        ControlArgument.Limit => "limit",
        _ => "cursor",
    };

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<ControlArgument>().Select(Name)];

    /// <summary>Those of one tool.</summary>
    public static IEnumerable<(string Name, ControlArgument Control)> Of(Endpoint endpoint)
    {
        if (endpoint.Tier == Tier.DestroysPart)
            yield return Named(ControlArgument.ConfirmationToken);
        if (endpoint.Kind.TakesIdempotencyKey())
            yield return Named(ControlArgument.IdempotencyKey);
        if (!endpoint.Kind.IsReadOnly() || endpoint.ResponseInfo.Type == typeof(RunLog)) // a log has its own way on: lines have numbers
            yield break;
        if (endpoint.IsList)
        {
            yield return Named(ControlArgument.Fields);
            yield return Named(ControlArgument.Limit);
        }

        yield return Named(ControlArgument.Cursor);
    }

    /// <summary>Those of a tool that spans operations: it decides itself which members it shows.</summary>
    public static IEnumerable<(string Name, ControlArgument Control)> Of(OwnTool tool)
    {
        if (tool.IsShaped)
            yield break;
        if (!tool.Kind.IsReadOnly()) // what it does may be of tier D
            yield return Named(ControlArgument.ConfirmationToken);
        if (tool.Kind.TakesIdempotencyKey())
            yield return Named(ControlArgument.IdempotencyKey);
        if (tool.IsList)
            yield return Named(ControlArgument.Limit);
        if (tool.Kind.IsReadOnly())
            yield return Named(ControlArgument.Cursor);
    }

    private static (string Name, ControlArgument Control) Named(ControlArgument control) => (Name(control), control);
}
