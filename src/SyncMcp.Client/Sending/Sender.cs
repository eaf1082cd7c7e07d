using System.Text.Json.Nodes;

namespace SyncMcp.Client.Sending;

/// <summary>Sends a request and reads its answer.</summary>
internal sealed class Sender(HttpClient http, SyncClientOptions options)
{
    private readonly RequestBuilder requests = new(options);

    /// <summary>One call.</summary>
    public async Task<SyncAnswer> SendAsync(Endpoint endpoint, JsonObject members, CallOptions? call, CancellationToken ct)
    {
        var token = options.Token is { } give ? await give(ct).ConfigureAwait(false) : null;
        using var request = requests.Build(endpoint, members, call, token);
        using var limit = new CancellationTokenSource(Patience(endpoint), options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
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

    private static TimeSpan Patience(Endpoint endpoint) =>
        TimeSpan.FromSeconds(endpoint.ReachesData || endpoint.Kind is Kind.Test or Kind.Execute or Kind.Download ? 40 : 10);
}
