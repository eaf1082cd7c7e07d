using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Users;

/// <summary>Users for tests.</summary>
internal static class Somebody
{
    public const string Password = "Correct-Horse-7";

    /// <summary>Makes a user; gives the id.</summary>
    public static async Task<string> MakeAsync(EngineSession engine, string name, string roles) =>
        (await engine.Post("/users", $$"""{"user": "{{name}}", "password": "{{Password}}", "roles": [{{roles}}]}""")).Expect(201).Id;

    /// <summary>Makes a user; gives a token.</summary>
    public static async Task<string> TokenAsync(EngineSession engine, string name, string roles) => await TokenOfAsync(engine, await MakeAsync(engine, name, roles));

    /// <summary>A new token of a user.</summary>
    public static async Task<string> TokenOfAsync(EngineSession engine, string user) =>
        (string)(await engine.Post("/users/generate-token", $$"""{"user_id": "{{user}}", "expires_in_days": 7}""")).Json["token"]!;
}
