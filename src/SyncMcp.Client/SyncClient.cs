using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Sending;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Users;
using SyncMcp.Client.Workspaces;

namespace SyncMcp.Client;

/// <summary>Calls a CData Sync server, real or embedded. Thread-safe; make one and keep it.</summary>
public sealed class SyncClient : IDisposable
{
    /// <summary>Name of the meter that counts repeated sends (<c>syncmcp.client.retries</c>) and the breaker's changes (<c>syncmcp.client.breaker</c>).</summary>
    public const string MeterName = "SyncMcp.Client";

    private readonly Sender sender;
    private readonly Func<Endpoint, object, CancellationToken, ValueTask>? gate;
    private readonly Func<Endpoint, SyncAnswer, SyncAnswer>? seen;

    /// <summary>A client for the server that the options name.</summary>
    /// <param name="options">Where the server is and how to reach it.</param>
    public SyncClient(SyncClientOptions options)
        : this(options, new(options), gate: null, seen: null)
    {
    }

    private SyncClient(SyncClientOptions options, Sender sender, Func<Endpoint, object, CancellationToken, ValueTask>? gate, Func<Endpoint, SyncAnswer, SyncAnswer>? seen)
    {
        Options = options;
        this.sender = sender;
        (this.gate, this.seen) = (gate, seen);
        Connections = new(this);
        Events = new(this);
        Jobs = new(this);
        Pipelines = new(this);
        Transformations = new(this);
        Users = new(this);
        Workspaces = new(this);
    }

    /// <summary>Where the server is and how it is reached.</summary>
    public SyncClientOptions Options { get; }

    /// <summary>Operations on connections.</summary>
    public ConnectionClient Connections { get; }

    /// <summary>Operations on events, the scripts of pipelines.</summary>
    public EventClient Events { get; }

    /// <summary>Operations on jobs, tasks and runs.</summary>
    public JobClient Jobs { get; }

    /// <summary>Operations on pipelines, steps and runs.</summary>
    public PipelineClient Pipelines { get; }

    /// <summary>Operations on transformations, tasks and runs.</summary>
    public TransformationClient Transformations { get; }

    /// <summary>Operations on users and their tokens.</summary>
    public UserClient Users { get; }

    /// <summary>Operations on workspaces.</summary>
    public WorkspaceClient Workspaces { get; }

    /// <summary>Calls an operation and reads its typed answer.</summary>
    /// <exception cref="SyncApiException">The server refused, or could not be reached, or answered something unreadable.</exception>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(
        Endpoint<TRequest, TResponse> endpoint, TRequest request, CallOptions? options = null, CancellationToken ct = default)
        where TRequest : class
    {
        var answer = await SendAsync((Endpoint)endpoint, request, options, ct).ConfigureAwait(false);
        return answer.Read<TResponse>(endpoint);
    }

    /// <summary>Calls an operation and gives the answer as the server's JSON, secrets masked (but a new token, which is what was asked for), lists in the envelope <c>value</c>.</summary>
    /// <exception cref="SyncApiException">The server refused, or could not be reached, or answered something unreadable.</exception>
    public async Task<SyncAnswer> SendAsync(Endpoint endpoint, object request, CallOptions? options = null, CancellationToken ct = default)
    {
        if (gate is not null)
            await gate(endpoint, request, ct).ConfigureAwait(false);
        var answer = await sender.SendAsync(endpoint, endpoint.Write(request), options, ct).ConfigureAwait(false);
        return seen is null ? answer : seen(endpoint, answer);
    }

    /// <summary>The same client for a caller that may not do or see everything. It ends with this one.</summary>
    /// <param name="gate">Each call passes it first; it throws where the call is not let through.</param>
    /// <param name="seen">What of an answer the caller sees; all of it when null.</param>
    public SyncClient Behind(Func<Endpoint, object, CancellationToken, ValueTask> gate, Func<Endpoint, SyncAnswer, SyncAnswer>? seen = null) => new(Options, sender, gate, seen);

    /// <summary>What the server says about one of its APIs (<c>$oas</c>): for whoever looks for routes, not for calls.</summary>
    /// <returns>Null where it says nothing, or nothing that is OpenAPI.</returns>
    /// <exception cref="SyncApiException">It could not be reached.</exception>
    public Task<ApiDescription?> DescriptionAsync(ApiVersion version, CancellationToken ct = default) => sender.DescriptionAsync(version, ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (gate is null)
            sender.Dispose();
    }
}

/// <summary>Extras of one call.</summary>
public sealed record CallOptions
{
    /// <summary>Only if the thing still has this ETag.</summary>
    public string? IfMatch { get; init; }

    /// <summary>The same key within 24 hours gets the first answer again.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>More headers.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}

/// <summary>What a server answered.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body, secrets masked; an object without members where there was none.</param>
/// <param name="ETag">State of the thing, where the server says it.</param>
/// <param name="Capabilities">What the server can do beyond the vendor's API.</param>
/// <param name="Replayed">The server had seen the idempotency key before.</param>
public sealed record SyncAnswer(int Status, JsonObject Body, string? ETag, ServerCapabilities Capabilities, bool Replayed)
{
    /// <summary>The typed answer.</summary>
    /// <exception cref="SyncApiException">A member is missing or of another type than documented.</exception>
    public TResponse Read<TResponse>(Endpoint endpoint)
    {
        try
        {
            return (TResponse)Body.Deserialize(endpoint.ResponseInfo)!;
        }
        catch (JsonException e)
        {
            throw new SyncApiException("bad_answer", $"{endpoint.Name}: the server's answer has another shape than documented, at {e.Path ?? "its top"}.", e)
            {
                Operation = endpoint.Name,
                MayHaveActed = !endpoint.Kind.IsReadOnly(),
            };
        }
    }
}

/// <summary>What a server says in <c>x-syncmcp-capabilities</c>; nothing for a real server.</summary>
[Flags]
public enum ServerCapabilities
{
    /// <summary>Nothing beyond the vendor's API.</summary>
    None = 0,

    /// <summary>ETag and If-Match.</summary>
    ETag = 1,

    /// <summary>Idempotency-Key.</summary>
    Idempotency = 2,

    /// <summary>limit and offset on lists that publish them.</summary>
    Paging = 4,

    /// <summary>A call with <c>x-syncmcp-rehearse</c> is refused by what would refuse it, and changes nothing.</summary>
    Rehearsal = 8,

    /// <summary>Rows of a table can be counted (<c>count_table_rows</c>).</summary>
    RowCounts = 16,
}
