using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Api;

/// <summary>One call on its way through a handler.</summary>
internal abstract class ApiCall(CallFacts facts)
{
    /// <summary>The operation.</summary>
    public Endpoint Endpoint => facts.Endpoint;

    /// <summary>The body's members as they were sent (checked, names in snake_case, nulls kept): a merge patch.</summary>
    public JsonObject Body => facts.Body;

    /// <summary>Who calls.</summary>
    public Principal Principal => facts.Principal;

    /// <summary>The If-Match header.</summary>
    public string? IfMatch => Header("If-Match");

    /// <summary>Sent with the answer; handlers of items set it by <see cref="Tag"/>.</summary>
    public string? ETag { get; private set; }

    /// <summary>True once the answer is kept under the call's idempotency key.</summary>
    public bool Kept { get; private set; }

    /// <summary>A header of the request; null when absent.</summary>
    public string? Header(string name) => facts.Header(name);

    /// <summary>Refuses (412) unless the thing still is in the state that the caller saw. Call it in the transaction that changes the thing.</summary>
    public void RequireMatch(long version)
    {
        if (!Api.ETag.Admits(IfMatch, version))
            throw new ApiException(412, "state_changed", $"It changed since you read it (it is {Api.ETag.Of(version)} now). Read it again.");
    }

    /// <summary>Answers with the state of the thing.</summary>
    public void Tag(long version) => ETag = Api.ETag.Of(version);

    /// <summary>
    /// Keeps the answer under the call's idempotency key in the transaction of its effect, so that a crash between the two cannot double it.
    /// Without a key it does nothing.
    /// </summary>
    public TResponse Keep<TResponse>(StoreSession session, TResponse response)
    {
        if (facts.Key is { } key)
        {
            Idempotency.Save(session, key, Answer.Of(Endpoint, response, ETag));
            Kept = true;
        }

        return response;
    }
}

/// <summary>One call with its request record.</summary>
internal sealed class ApiCall<TRequest>(CallFacts facts, TRequest request) : ApiCall(facts)
{
    /// <summary>Path, query and body members in one record.</summary>
    public TRequest Request { get; } = request;
}

/// <summary>What is known of a call before its handler runs.</summary>
internal sealed record CallFacts(Endpoint Endpoint, JsonObject Body, Principal Principal, IdempotencyKey? Key, Func<string, string?> Header);
