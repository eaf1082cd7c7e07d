using System.Text.Json.Nodes;
using SyncMcp.Client.Resilience;

namespace SyncMcp.Client.Sending;

/// <summary>Sends a request and reads its answer; as often as the rule of its kind allows.</summary>
internal sealed class Sender : IDisposable
{
    private const int MostDescribed = 16 * 1024 * 1024;

    private readonly HttpClient http;
    private readonly SyncClientOptions options;
    private readonly RequestBuilder requests;
    private readonly CallPipeline pipeline;
    private readonly Aftermath aftermath;
    private readonly StartedRun started;
    private readonly Versions versions;
    private long lookedForVersions;
    private volatile bool tooOld;
    private volatile bool answered; // as an operation should be, once at least
    private volatile int capabilities; // as the last answer of any call said

    public Sender(SyncClientOptions options)
    {
        requests = new(options); // refuses a wrong address or route before anything is made
        this.options = options;
        http = Transport.Create(options);
        pipeline = new(options.Time, options.HasSuccessor);
        started = new((endpoint, members, ct) => OnceAsync(endpoint, members, call: null, ct), options.Time);
        versions = new(requests.Address, LookAsync);
        aftermath = new((endpoint, members, ct) => OnceAsync(endpoint, members, call: null, ct), options.HasSuccessor);
    }

    /// <summary>One call.</summary>
    public async Task<SyncAnswer> SendAsync(Endpoint endpoint, JsonObject members, CallOptions? call, CancellationToken ct)
    {
        var honoured = call?.IdempotencyKey is not null && ((ServerCapabilities)capabilities).HasFlag(ServerCapabilities.Idempotency);
        var state = new CallState(endpoint, members, call) { SentAt = options.Time.GetUtcNow() };
        try
        {
            var answer = await pipeline.RunAsync(state, RetryRule.Of(endpoint.Kind, honoured, options.HasSuccessor), TryAsync, ct).ConfigureAwait(false);
            if (endpoint.Runs is not null && answer.Body["id"] is null && await started.FindAsync(state, ct).ConfigureAwait(false) is { } run)
                answer = answer with { Body = run.DeepClone().AsObject() };
            answered = true;
            return answer;
        }
        catch (SyncApiException e) when (endpoint.Runs is not null && e.MayHaveActed)
        {
            e.StartedRun = await started.FindAsync(state, ct).ConfigureAwait(false);
            throw;
        }
        catch (SyncApiException e) when (!answered && e is { Code: "not_found" or "not_on_this_server" or "bad_answer", ThingMissing: not true })
        {
            if (!await IsTooOldAsync(ct).ConfigureAwait(false))
                throw;
            throw new SyncApiException("server_too_old",
                $"{endpoint.Name}: this Sync server has version 1 of the REST API only (at {requests.Address.Of(ApiVersion.One, "").AbsolutePath}); version 2 is needed, which CData Sync has since 26.1. Nothing was done.", e)
            {
                Status = e.Status,
                Operation = endpoint.Name,
                Sends = e.Sends,
            };
        }
    }

    /// <summary>The server's own description of an API; null where it gives none.</summary>
    public Task<ApiDescription?> DescriptionAsync(ApiVersion version, CancellationToken ct) => versions.DescriptionAsync(version, ct);

    public void Dispose()
    {
        http.Dispose();
        pipeline.Dispose();
    }

    private async ValueTask<SyncAnswer> TryAsync(CallState call, CancellationToken ct)
    {
        var again = call.MayHaveActed;
        if (again && await aftermath.SettleAsync(call, ct).ConfigureAwait(false) is { } settled)
            return settled;
        if (call is { Endpoint.Kind: Kind.Cancel, Sends: 0 })
            await aftermath.RememberRunAsync(call, ct).ConfigureAwait(false);
        if (call is { Endpoint.Runs: not null, Sends: 0 } && !options.HasSuccessor && capabilities == 0) // ours names its runs
        {
            requests.Build(call.Endpoint, call.Members, call.Options, token: null).Dispose(); // what cannot be sent is refused before anything is
            await started.RememberAsync(call, ct).ConfigureAwait(false);
        }

        try
        {
            call.Sends++;
            call.MayHaveActed = true;
            var answer = await OnceAsync(call.Endpoint, call.Members, call.Options, ct).ConfigureAwait(false);
            call.MayHaveActed = false;
            return answer;
        }
        catch (SyncApiException e)
        {
            call.MayHaveActed = again || e.MayHaveActed;
            if (again && await aftermath.ExplainAsync(call, e, ct).ConfigureAwait(false) is { } explained)
                return explained;
            throw;
        }
    }

    private async Task<SyncAnswer> OnceAsync(Endpoint endpoint, JsonObject members, CallOptions? call, CancellationToken ct)
    {
        var token = options.Token is { } give ? await give(ct).ConfigureAwait(false) : null;
        using var request = requests.Build(endpoint, members, call, token);
        using var limit = new CancellationTokenSource(RetryRule.PatienceOf(endpoint), options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            capabilities = (int)AnswerReader.Capabilities(response);
            started.Tell(response.Headers.Date);
            return await AnswerReader.ReadAsync(endpoint, members, response, options, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw Lost.Timeout(endpoint, RetryRule.PatienceOf(endpoint), unsent: !limit.IsCancellationRequested, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !ct.IsCancellationRequested)
        {
            throw Lost.Connection(endpoint, e);
        }
    }

    // Asked when an answer makes one wonder, so not for each of many calls; an answer that cannot be had says nothing.
    private async Task<bool> IsTooOldAsync(CancellationToken ct)
    {
        var before = Interlocked.Read(ref lookedForVersions);
        if ((before != 0 && options.Time.GetElapsedTime(before) < TimeSpan.FromSeconds(10)) || Interlocked.CompareExchange(ref lookedForVersions, options.Time.GetTimestamp() | 1, before) != before)
            return tooOld;
        try
        {
            return tooOld = await versions.IsOneOnlyAsync(ct).ConfigureAwait(false);
        }
        catch (SyncApiException)
        {
            return tooOld = false;
        }
    }

    private async Task<(System.Net.HttpStatusCode Status, byte[] Body)> LookAsync(Uri at, CancellationToken ct)
    {
        var asked = Workspaces.WorkspaceEndpoints.List; // as the simplest read, for the words of what goes wrong
        using var request = requests.Look(at, options.Token is { } give ? await give(ct).ConfigureAwait(false) : null);
        using var limit = new CancellationTokenSource(RetryRule.PatienceOf(asked), options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return (response.StatusCode, await BodyReader.ReadAsync(response.Content, MostDescribed, either.Token).ConfigureAwait(false) ?? []);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw Lost.Timeout(asked, RetryRule.PatienceOf(asked), unsent: !limit.IsCancellationRequested, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !ct.IsCancellationRequested)
        {
            throw Lost.Connection(asked, e);
        }
    }
}
