using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Resilience;

/// <summary>Finds out by reading what a send did whose answer was lost, so that nothing is done twice on a guess.</summary>
/// <param name="read">Sends one read.</param>
/// <param name="hasSuccessor">A change that its successor does not show will not come any more: the server that took it is gone.</param>
internal sealed class Aftermath(Func<Endpoint, JsonObject, CancellationToken, Task<SyncAnswer>> read, bool hasSuccessor)
{
    /// <summary>The answer where the earlier send acted; null where sending again is safe.</summary>
    /// <exception cref="SyncApiException">Nobody can tell.</exception>
    public async Task<SyncAnswer?> SettleAsync(CallState call, CancellationToken ct) => call.Endpoint.Kind switch
    {
        Kind.Update when call.Options?.IfMatch is null => await ShowsAsync(call, ct).ConfigureAwait(false)
            ?? (hasSuccessor ? null : throw Unknown(call, "the thing does not show the change (yet)")),
        Kind.Cancel => await CanceledAsync(call, ct).ConfigureAwait(false),
        _ => null,
    };

    /// <summary>After a second send was refused: the answer where the refusal shows that the first one acted; else null.</summary>
    public async Task<SyncAnswer?> ExplainAsync(CallState call, SyncApiException refusal, CancellationToken ct) => (call.Endpoint.Kind, refusal.Code) switch
    {
        (Kind.Delete, "not_found") when refusal.ThingMissing != false => new(204, [], null, ServerCapabilities.None, false),
        (Kind.Update, "state_changed") => await ShowsAsync(call, ct).ConfigureAwait(false),
        _ => null,
    };

    /// <summary>Before a cancel: remembers the run that is going. Not knowing it only means that nothing is sent twice.</summary>
    public async Task RememberRunAsync(CallState call, CancellationToken ct)
    {
        if (call.Endpoint.Running is { } status && await TryReadAsync(status, call, ct).ConfigureAwait(false) is { } answer)
            call.Run = Text(answer.Body, "id");
    }

    /// <summary>True where a thing, as read, holds everything that a patch sent. A masked secret proves nothing.</summary>
    internal static bool Holds(JsonNode? read, JsonNode? sent) => (read, sent) switch
    {
        (_, null) => read is null,
        (JsonObject has, JsonObject wants) => wants.All(member => Holds(has[member.Key], member.Value)),
        (null, JsonObject wants) => wants.All(member => member.Value is null),
        (JsonValue has, _) when has.GetValueKind() == JsonValueKind.String && has.GetValue<string>() == Secrets.Mask => false,
        _ => JsonNode.DeepEquals(read, sent),
    };

    private async Task<SyncAnswer?> ShowsAsync(CallState call, CancellationToken ct)
    {
        if (call.Endpoint.Target is not { } target || await TryReadAsync(target, call, ct).ConfigureAwait(false) is not { } answer)
            return null;
        if (target.IsList)
        {
            // What no route reads by itself stands in the list of its parent.
            var id = Text(call.Members, call.Endpoint.PathMembers[^1]);
            if ((answer.Body["value"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(item => Text(item, "id") == id) is not { } one)
                return null;
            answer = answer with { Body = one.DeepClone().AsObject() };
        }

        return call.Members.All(member => call.Endpoint.PathMembers.Contains(member.Key) || Holds(answer.Body[member.Key], member.Value)) ? answer : null;
    }

    private async Task<SyncAnswer?> CanceledAsync(CallState call, CancellationToken ct)
    {
        if (call.Run is not { } run || call.Endpoint.Running is not { } status || await TryReadAsync(status, call, ct).ConfigureAwait(false) is not { } answer)
            throw Unknown(call, "which run is going cannot be told");
        if (Text(answer.Body, "id") != run)
            throw Unknown(call, "another run is the last one now");
        return RunStatus.Read(Text(answer.Body, "status")) == RunState.Running ? null : answer;
    }

    private async Task<SyncAnswer?> TryReadAsync(Endpoint endpoint, CallState call, CancellationToken ct)
    {
        try
        {
            var key = new JsonObject(endpoint.PathMembers.Select(name => KeyValuePair.Create(name, call.Members[name]?.DeepClone())));
            return await read(endpoint, key, ct).ConfigureAwait(false);
        }
        catch (SyncApiException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject body, string name) => (body[name] as JsonValue)?.ToString();

    private static SyncApiException Unknown(CallState call, string why) =>
        new("outcome_unknown", $"{call.Endpoint.Name}: no whole answer came, and {why}.") { Operation = call.Endpoint.Name, MayHaveActed = true };
}
