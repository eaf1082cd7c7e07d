using System.Reflection;
using System.Text.Json;

namespace SyncMcp.Client.Tests.Conventions;

/// <summary>
/// Every member of every record of the contract whose name or type suggests a secret or code carries the mark, or is named here with the reason why not. A new
/// field cannot slip past.
/// </summary>
public sealed class MarkTests
{
    // Words that suggest code: something that a machine runs, or that decides what it runs.
    private static readonly string[] CodeWords =
        ["script", "query", "sql", "statement", "expression", "command", "event", "pre_", "post_", "options", "project", "dbt", "path", "function", "code", "macro", "filter", "where", "hook", "exec", "args"];

    // Types that can hold anything: of a text everybody sees what it is by its name, of these nobody.
    private static readonly Type[] OpenTypes = [typeof(Dictionary<string, string?>), typeof(Dictionary<string, string>), typeof(byte[]), typeof(object)];

    private static readonly Dictionary<string, string> NoSecret = new(StringComparer.Ordinal)
    {
        ["Connection.properties"] = "holds secrets and places; each is masked by its own name (KnownConnectors.Role)",
        ["CreateConnection.properties"] = "as Connection.properties",
        ["UpdateConnection.properties"] = "as Connection.properties",
        ["Column.is_primary_key"] = "yes or no",
        ["UserAccount.token_expires_at"] = "a time",
        ["UserToken.token_expires_at"] = "a time",
    };

    private static readonly Dictionary<string, string> NoCode = new(StringComparer.Ordinal)
    {
        ["JobSettings.command_timeout"] = "seconds",
        ["JobSettings.notify_windows_event"] = "yes or no",
        ["TransformationSettings.command_timeout"] = "seconds",
        ["TransformationSettings.dbt_schema"] = "the name of a schema",
        ["Permissions.can_execute"] = "yes or no",
        ["EventKey.event_id"] = "an id",
        ["UpdateEvent.event_id"] = "an id",
    };

    private static readonly IReadOnlyList<(string Name, PropertyInfo Property)> Members =
    [
        .. from type in typeof(Endpoint).Assembly.GetTypes()
           where IsRecord(type) && type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null
           from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           where property.Name != "EqualityContract"
           select ($"{type.Name}.{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}", property),
    ];

    // Records that no JSON is: how a client is set up, how a call is sent, what a library's caller holds.
    private static readonly string[] NotOnTheWire =
        ["SyncClientOptions", "CallOptions", "SyncAnswer", "ConnectorProperty", "ServerWords", "RetryRule", "CallState", "ReplicateStatement", "CacheCheck", "Token", "Endpoint", "Operation", "ApiDescription"];

    [Fact]
    public void A_member_that_may_hold_a_secret_is_marked_or_named_as_harmless() =>
        Assert.Equal([], Contract().Where(member => Suggests(member.Property, Wire(member.Name)) && !Has<SecretAttribute>(member.Property) && !NoSecret.ContainsKey(member.Name)).Select(member => member.Name));

    [Fact]
    public void A_member_that_may_hold_code_is_marked_or_named_as_harmless() =>
        Assert.Equal([], Contract().Where(member => CodeWords.Any(word => Wire(member.Name).Contains(word, StringComparison.Ordinal)) && !Has<CodeAttribute>(member.Property) && !NoCode.ContainsKey(member.Name)).Select(member => member.Name));

    [Fact]
    public void What_is_marked_as_a_secret_is_masked_by_its_name() =>
        Assert.All(Members.Where(member => Has<SecretAttribute>(member.Property)), member => Assert.True(Secrets.IsSecretName(Wire(member.Name)), member.Name));

    [Fact]
    public void A_member_that_is_open_to_anything_holds_what_the_contract_does_not_know_or_is_named() =>
        Assert.Equal([], Contract().Where(member => OpenTypes.Contains(member.Property.PropertyType) && !NoSecret.ContainsKey(member.Name)).Select(member => member.Name));

    [Fact]
    public void The_lists_of_the_harmless_name_members_that_are_there_and_would_else_be_caught()
    {
        var names = Contract().ToDictionary(member => member.Name, member => member.Property, StringComparer.Ordinal);

        Assert.All(NoSecret.Keys, name => Assert.True(names.TryGetValue(name, out var property) && (Suggests(property, Wire(name)) || OpenTypes.Contains(property.PropertyType) || Secrets.IsSecretName(Wire(name)) || Wire(name).Contains("key", StringComparison.Ordinal) || Wire(name).Contains("token", StringComparison.Ordinal)), name));
        Assert.All(NoCode.Keys, name => Assert.True(names.ContainsKey(name), name));
    }

    [Fact]
    public void The_rules_see_the_records() => Assert.InRange(Contract().Count(), 300, 2_000);

    private static IEnumerable<(string Name, PropertyInfo Property)> Contract() =>
        Members.Where(member => !NotOnTheWire.Contains(member.Name.Split('.')[0]) && member.Property.DeclaringType!.Namespace != "SyncMcp.Client.Replicate");

    private static bool Suggests(PropertyInfo property, string wire) =>
        OpenTypes.Contains(property.PropertyType) || Secrets.IsSecretName(wire);

    private static string Wire(string name) => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private static bool Has<T>(PropertyInfo property)
        where T : Attribute => property.IsDefined(typeof(T), inherit: false);

    private static bool IsRecord(Type type) => type.IsClass && type.GetMethod("<Clone>$") is not null;
}
