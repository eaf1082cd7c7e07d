using System.Collections.Frozen;
using System.Text.Json.Nodes;
using SyncMcp.Client;

namespace SyncMcp.Filters;

/// <summary>Errors in words that say what to do next. What the server said goes to the details only: it is somebody else's text.</summary>
internal static class Errors
{
    private static readonly FrozenDictionary<string, string> Next = new Dictionary<string, string>
    {
        ["unauthorized"] = "The operator checks the token (`syncmcp login`, or SYNCMCP_TOKEN); `syncmcp doctor` tells what is wrong. Trying again does not help.",
        ["token_unavailable"] = "The operator opens the keyring, or logs in again with `syncmcp login`. Trying again does not help before that.",
        ["forbidden"] = "The token's user lacks the right for this. Ask the operator; trying again does not help.",
        ["invalid_request"] = "Correct the arguments by what details.server_said names, then call again.",
        ["conflict"] = "Read the thing again: its present state forbids this. details.server_said says why.",
        ["state_changed"] = "Somebody changed it meanwhile. Read it again, then decide anew.",
        ["rate_limited"] = "Wait a while, then call again.",
        ["server_error"] = "The server failed. Call again later; if it stays, tell the operator.",
        ["bad_answer"] = "What answered is no CData Sync API, or cut its answer. The operator checks the address with `syncmcp doctor`.",
        ["unreachable"] = "The server cannot be reached. Call again later; `syncmcp doctor` checks the address.",
        ["timeout"] = "No answer in time. Call again; for a large source ask for less.",
        ["not_on_this_server"] = "This server does not offer the operation. Use another tool.",
        ["server_too_old"] = "Nothing here works with that server. Tell the operator: CData Sync 26.1 or newer is needed; `syncmcp doctor` says more.",
        ["outcome_unknown"] = "Nobody knows whether it was done. Look first (read the thing or its history); do not simply repeat the call.",
    }.ToFrozenDictionary();

    private static readonly string[] RunMembers = ["id", "status", "started_at"];

    // Member of a route to the tool that lists what may stand there.
    private static readonly FrozenDictionary<string, string> Lists = new Dictionary<string, string>
    {
        ["workspace_id"] = "list_workspaces",
        ["connection_id"] = "list_connections",
        ["job_id"] = "list_jobs",
        ["transformation_id"] = "list_transformations",
        ["pipeline_id"] = "list_pipelines",
        ["step_id"] = "list_pipeline_steps",
        ["event_id"] = "list_events",
        ["user_id"] = "list_users",
        ["table_name"] = "list_connection_tables",
    }.ToFrozenDictionary();

    public static ToolError ShuttingDown { get; } =
        new("shutting_down", "The server is being shut down.", "Call again when it runs again.", Retryable: true);

    public static ToolError Interrupted { get; } =
        new("outcome_unknown", "The call was cancelled while it was being sent.", Next["outcome_unknown"]);

    public static ToolError From(SyncApiException ex, Call call)
    {
        var code = ex.Code == "not_found" && ex.ThingMissing == false ? "not_on_this_server" : ex.Code;
        var details = new JsonObject();
        if (ex.Status is { } status)
            details["status"] = (int)status;
        if (ex.ServerWords is { Length: > 0 } words)
            details["server_said"] = words;
        if (ex.RetryAfter is { } wait)
            details["retry_after_seconds"] = Math.Ceiling(wait.TotalSeconds);
        if (ex.Operation is { } operation && operation != call.Tool)
            details["operation"] = operation; // a read on the way (a name, a snapshot), not the tool itself
        if (ex.StartedRun is { } run)
            details["run"] = new JsonObject(RunMembers.Where(run.ContainsKey).Select(name => KeyValuePair.Create(name, run[name]?.DeepClone())));
        return new(code, ex.Message, WhatNext(code, ex, call), ex.Retryable, details.Count > 0 ? details : null);
    }

    public static Outcome OutcomeOf(SyncApiException ex) => ex.MayHaveActed || ex.Code == "outcome_unknown" ? Outcome.Unknown : Outcome.NotExecuted;

    public static ToolError Internal(Exception ex, Call call) =>
        new("internal_error", $"{call.Tool} failed inside syncmcp ({ex.GetType().Name}).",
            "Tell the operator; the reason is on the program's stderr.", Details: new() { ["correlation_id"] = call.CorrelationId });

    public static ToolError UnknownTool(string name, IEnumerable<string> known)
    {
        var nearest = Nearest.Of(name, known, 3);
        return new("unknown_tool", $"There is no tool {Text.Quote(name)}.",
            nearest.Count > 0 ? $"Did you mean {nearest[0]}?" : "See the list of tools.",
            Details: nearest.Count > 0 ? new() { ["nearest"] = Text.Array(nearest) } : null);
    }

    private static string WhatNext(string code, SyncApiException ex, Call call) => code switch
    {
        // Whatever went wrong, "call again" is no advice where it may have been done.
        _ when OutcomeOf(ex) == Outcome.Unknown => LookFirst(ex, call),
        "unreachable" when ex.Status is not null => "The operator names the proxy with its name and password: SYNCMCP_PROXY, or proxy in config.json.",
        "not_found" => WhereToLook(call),
        "already_running" => $"Wait for the present run{(OwnerOfRuns(call) is { } thing ? $": get_{thing}_status shows it" : "")}. Do not start another.",
        "not_on_this_server" when ex.Status == System.Net.HttpStatusCode.BadRequest => "This server cannot do it: details.server_said says why.",
        "invalid_request" when ex.ServerWords is null => "Correct the arguments by the message, then call again.",
        _ => Next.GetValueOrDefault(code, "See details."),
    };

    private static string LookFirst(SyncApiException ex, Call call) => call.Endpoint switch
    {
        { Kind: Kind.Execute } when ex.StartedRun is not null =>
            $"A run began after the call was sent (details.run), most likely this call's: follow it with get_{OwnerOfRuns(call)}_status. Do not start another.",
        { Kind: Kind.Execute } => $"No run that began after the call was sent is seen so far; one may still come. Look with get_{OwnerOfRuns(call)}_status before starting another.",
        { Kind: Kind.Create } => $"Nobody knows whether it was made. Look with {Lister(call)} before making another.",
        { Target: { } target } => $"Nobody knows whether it was done. Look first: {target.Name} shows the thing as it is now. Do not simply repeat the call.",
        _ => Next["outcome_unknown"],
    };

    // A new thing's siblings: where it was made, the same route reads them.
    private static string Lister(Call call) =>
        Catalogue.All.FirstOrDefault(other => other.IsList && other.Route == call.Endpoint!.Route)?.Name ?? "the list";

    private static string WhereToLook(Call call)
    {
        if (call.Endpoint is not { } endpoint || endpoint.PathMembers.LastOrDefault(member => ListOf(member, call) is not null) is not { } last)
            return "Check the ids.";
        var named = NameMark.Of(endpoint).Any(mark => mark.Inside is null && mark.Member == last);
        return $"Check {last} with {ListOf(last, call)}{(named ? "; a name is taken too" : "")}.";
    }

    // Tasks and runs are told apart by what they are of.
    private static string? ListOf(string member, Call call) => member switch
    {
        "task_id" => OwnerOfRuns(call) is { } thing ? $"list_{thing}_tasks" : null,
        "history_id" => OwnerOfRuns(call) is { } thing ? $"list_{thing}_history" : null,
        _ => Lists.GetValueOrDefault(member),
    };

    private static string? OwnerOfRuns(Call call) => call.Endpoint?.PathMembers switch
    {
        ["job_id", ..] => "job",
        ["transformation_id", ..] => "transformation",
        ["pipeline_id", ..] => "pipeline",
        _ => null,
    };
}
