#pragma warning disable MCP9001, MCP9005 // what the suites of the older revisions want, the newest one calls obsolete
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Tests.Conformance;

/// <summary>The tools of suite 0.2.0 that need an answer from the client before they can answer (input-required results of 2026-07-28).</summary>
internal static class FixtureQuestions
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    public static IReadOnlyList<McpServerTool> All { get; } =
    [
        Tool("elicitation", request => Answer(request, "user_name") is { } answer ? $"Hello, {Member(answer, "name")}!" : throw Ask(null, ("user_name", Form("name")))),
        Tool("sampling", request => Answer(request, "capital_question") is not null ? "Sampling said something" : throw Ask(null, ("capital_question", Sample()))),
        Tool("list_roots", request => Answer(request, "client_roots") is not null ? "Got the roots" : throw Ask(null, ("client_roots", Roots()))),
        Tool("request_state", request => request.Params.RequestState switch
        {
            null => throw Ask("state-1", ("confirm", Form("ok", yes: true))),
            "state-1" => "state-ok",
            _ => "state-mismatch",
        }),
        Tool("tampered_state", request => request.Params.RequestState switch
        {
            null => throw Ask(Signed("nonce"), ("confirm", Form("ok", yes: true))),
            var state when state == Signed("nonce") => "state-ok",
            _ => throw new McpProtocolException("requestState is not the one that was given.", McpErrorCode.InvalidParams),
        }),
        Tool("multiple_inputs", request => request.Params.InputResponses is { Count: >= 3 } ? "all answered"
            : throw Ask("several", ("user_name", Form("name")), ("greeting", Sample()), ("client_roots", Roots()))),
        Tool("multi_round", request => request.Params.RequestState switch
        {
            null => throw Ask("round-1", ("step1", Form("name"))),
            "round-1" => throw Ask("round-2", ("step2", Form("color"))),
            _ => "rounds done",
        }),
        Tool("capabilities", request =>
        {
            if (request.Params.InputResponses is { Count: > 0 })
                return "answered";
            var can = request.JsonRpcRequest.Context?.ClientCapabilities;
            var questions = new List<(string, InputRequest)>();
            if (can?.Sampling is not null)
                questions.Add(("capital_question", Sample()));
            if (can?.Elicitation is not null)
                questions.Add(("user_name", Form("name")));
            if (can?.Roots is not null)
                questions.Add(("client_roots", Roots()));
            return questions.Count == 0 ? "nothing to ask" : throw Ask(null, [.. questions]);
        }),
    ];

    /// <summary>Puts questions.</summary>
    public static InputRequiredException Ask(string? state, params (string Name, InputRequest Question)[] questions) =>
        new(questions.ToDictionary(question => question.Name, question => question.Question), state);

    /// <summary>A form with one field.</summary>
    public static InputRequest Form(string field, bool yes = false) => InputRequest.ForElicitation(new ElicitRequestParams
    {
        Message = $"What is the {field}?",
        RequestedSchema = new()
        {
            Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> { [field] = yes ? new ElicitRequestParams.BooleanSchema() : new ElicitRequestParams.StringSchema() },
            Required = [field],
        },
    });

    private static FixtureTool Tool(string name, Func<RequestContext<CallToolRequestParams>, string> answer) =>
        new($"test_input_required_result_{name}", "Asks before it answers.", (request, _) => new(FixtureTools.Result(answer(request))));

    private static InputResponse? Answer(RequestContext<CallToolRequestParams> request, string name) =>
        request.Params.InputResponses is { } answers && answers.TryGetValue(name, out var answer) ? answer : null;

    private static string? Member(InputResponse answer, string name) =>
        answer.Deserialize(InputResponse.ElicitResultJsonTypeInfo)?.Content is { } content && content.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static InputRequest Sample() => InputRequest.ForSampling(new CreateMessageRequestParams
    {
        Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = "What is the capital of France?" }] }],
        MaxTokens = 100,
    });

    private static InputRequest Roots() => InputRequest.ForRootsList(new ListRootsRequestParams());

    private static string Signed(string text) => $"{text}.{Convert.ToHexString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(text)))}";
}
