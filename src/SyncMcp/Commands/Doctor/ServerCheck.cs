using System.Text.Json;
using ModelContextProtocol.Protocol;
using SyncMcp.Transports;

namespace SyncMcp.Commands.Doctor;

/// <summary>Calls the server as an assistant would, and explains what comes back.</summary>
internal static class ServerCheck
{
    public static async Task RunAsync(Report report, ServerOptions options, CancellationToken ct)
    {
        if (options.Server is { } server)
        {
            if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback)
                report.Note($"{server.GetLeftPart(UriPartial.Authority)} is reached without encryption: the token can be read on the way.", "Use https if the server offers it.");
        }

        await using var session = await LocalSession.StartAsync(options, new() { ClientInfo = new() { Name = "syncmcp-doctor", Version = SyncMcpServer.Version } }, ct);
        var workspaces = await AskAsync(session, "list_workspaces", [], ct);
        if (workspaces.Code is not null)
        {
            report.Wrong($"The server does not answer as it should ({workspaces.Code}): {workspaces.Message}", Mend(workspaces, options));
            if (workspaces.Code is "unreachable" or "timeout" or "bad_answer" && options.Server is { } unreached)
                await Reach.RunAsync(report, unreached, options.Way, ct);
            return;
        }

        report.Good($"server: answers; workspaces on the first page: {workspaces.Count}");
        // Only an Admin manages users. With such a token an assistant that found a way around everything here could do all there is.
        if (options.Server is not null && (await AskAsync(session, "list_users", [], ct)).Code is null)
            report.Note("The token is an Admin's: the Sync server would let it do everything.", "Take the token of a user with the least rights (Standard, Job Creator or Job Operator) instead.");
        var home = await AskAsync(session, "get_workspace", new() { ["workspace_id"] = JsonSerializer.SerializeToElement(options.Workspace, TerminalJson.Default.String) }, ct);
        if (home.Code is null)
            report.Good($"workspace: {options.Workspace} is there");
        else
            report.Wrong($"The workspace {options.Workspace} cannot be read ({home.Code}): {home.Message}", "Correct SYNCMCP_WORKSPACE (or --workspace), or leave it out for the default workspace.");
    }

    private static string Mend(Answer answer, ServerOptions options) => answer.Code switch
    {
        "unauthorized" => "The token is wrong, or it has expired: take a new one from the Sync server's user page and run `syncmcp login` (or set SYNCMCP_TOKEN).",
        "forbidden" => "The token's user may not list workspaces: give the user the right, or use another user's token.",
        "not_found" or "not_on_this_server" => $"Something answers at {options.Server}, but not the REST API v2: check the path of SYNCMCP_URL.",
        "server_too_old" => "Update the Sync server to 26.1 or newer, or leave SYNCMCP_URL out for the embedded engine.",
        "bad_answer" => "Something else than a Sync server answers there: check host and port of SYNCMCP_URL, and whether a proxy is between.",
        "unreachable" or "timeout" => "The lines below say where the way ends.",
        _ when options.Server is null => "", // the engine's own words name the way out
        _ => answer.Next,
    };

    private static async Task<Answer> AskAsync(LocalSession session, string tool, Dictionary<string, JsonElement> arguments, CancellationToken ct)
    {
        var result = await session.Client.CallToolAsync(new CallToolRequestParams { Name = tool, Arguments = arguments }, ct);
        var content = result.StructuredContent ?? JsonElement.Parse("{}");
        string? Text(string name) => content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return new(
            result.IsError == true ? Text("code") ?? "failed" : null,
            Text("message") ?? "",
            Text("next") ?? "",
            content.TryGetProperty("items", out var items) ? items.GetArrayLength() : 0);
    }

    private sealed record Answer(string? Code, string Message, string Next, int Count);
}
