using System.Diagnostics;

namespace LinkedEchoServer;

/// <summary>The least that a call to the Sync server costs: the request, and its answer read whole. Says how many seconds they took together.</summary>
internal static class BareLoop
{
    public static async Task<int> RunAsync(Uri address, int calls, int atOnce)
    {
#pragma warning disable RS0030 // bare is what it is
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
#pragma warning restore RS0030
        await RepeatAsync(http, address, calls, atOnce); // connections, caches
        var begun = Stopwatch.GetTimestamp();
        await RepeatAsync(http, address, calls, atOnce);
        Console.Out.WriteLine(Stopwatch.GetElapsedTime(begun).TotalSeconds.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    }

    private static Task RepeatAsync(HttpClient http, Uri address, int calls, int atOnce)
    {
        var left = calls;
        return Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.TryAddWithoutValidation("Accept", "application/json");
                request.Headers.TryAddWithoutValidation("x-cdata-authtoken", "bench-token-of-the-loop");
                using var answer = await http.SendAsync(request);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
            }
        })));
    }
}
