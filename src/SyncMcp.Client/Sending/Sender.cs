using System.Text.Json.Nodes;
using SyncMcp.Client.Resilience;

namespace SyncMcp.Client.Sending;

/// <summary>Sends a request and reads its answer; as often as the rule of its kind allows.</summary>
internal sealed class Sender : IDisposable
{
    private readonly HttpClient http;
    private readonly SyncClientOptions options;
    private readonly RequestBuilder requests;
    private readonly CallPipeline pipeline;
    private readonly Aftermath aftermath;
    private volatile int capabilities; // as the last answer of any call said

    public Sender(SyncClientOptions options)
    {
        requests = new(options); // refuses a wrong address or route before anything is made
        this.options = options;
        http = Transport.Create(options);
        pipeline = new(options.Time, options.HasSuccessor);
        aftermath = new((endpoint, members, ct) => OnceAsync(endpoint, members, call: null, ct), options.HasSuccessor);
    }

    /// <summary>One call.</summary>
    public Task<SyncAnswer> SendAsync(Endpoint endpoint, JsonObject members, CallOptions? call, CancellationToken ct)
    {
        var honoured = call?.IdempotencyKey is not null && ((ServerCapabilities)capabilities).HasFlag(ServerCapabilities.Idempotency);
        return pipeline.RunAsync(new(endpoint, members, call), RetryRule.Of(endpoint.Kind, honoured, options.HasSuccessor), TryAsync, ct);
    }

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
        using var limit = new CancellationTokenSource(Patience(endpoint), options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            capabilities = (int)AnswerReader.Capabilities(response);
            return await AnswerReader.ReadAsync(endpoint, members, response, options.Time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw Lost.Timeout(endpoint, Patience(endpoint), unsent: !limit.IsCancellationRequested, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !ct.IsCancellationRequested)
        {
            throw Lost.Connection(endpoint, e);
        }
    }

    // Where the server has to reach a source first, it may take its time.
    private static TimeSpan Patience(Endpoint endpoint) =>
        TimeSpan.FromSeconds(endpoint.ReachesData || endpoint.Kind is Kind.Test or Kind.Execute or Kind.Download ? 40 : 10);
}
