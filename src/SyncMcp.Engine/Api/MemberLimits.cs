using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;

namespace SyncMcp.Engine.Api;

/// <summary>The limits that a contract's attributes state: the same ones from which the published schemas are made.</summary>
internal static class MemberLimits
{
    public static JsonNode CheckText(ICustomAttributeProvider? limits, string text, string path, int otherwiseMost)
    {
        var length = Find<StringLengthAttribute>(limits);
        if (length is not null && text.Length < length.MinimumLength)
            throw ApiException.Invalid(text.Length == 0 ? $"`{path}` is empty." : $"`{path}` has {text.Length} characters; at least {length.MinimumLength} are needed.");
        if (text.Length > (length?.MaximumLength ?? otherwiseMost))
            throw ApiException.Invalid($"`{path}` has {text.Length} characters; at most {length?.MaximumLength ?? otherwiseMost} are taken.");
        if (length?.MinimumLength > 0 && string.IsNullOrWhiteSpace(text))
            throw ApiException.Invalid($"`{path}` is blank.");

        if (Find<AllowedValuesAttribute>(limits) is not { } allowed)
            return JsonValue.Create(text);
        var words = allowed.Values.OfType<string>().ToList();
        return JsonValue.Create(words.Find(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)))
            ?? throw ApiException.Invalid($"`{path}` cannot be `{ApiException.Quote(text)}`: it is one of {string.Join(", ", words)}.");
    }

    public static JsonNode CheckNumber(ICustomAttributeProvider? limits, int number, string path)
    {
        if (Find<RangeAttribute>(limits) is { Minimum: int least, Maximum: int most })
            CheckRange(number, least, most, path);
        return JsonValue.Create(number);
    }

    public static void CheckRange(int number, int least, int most, string path)
    {
        if (number < least || number > most)
            throw ApiException.Invalid(most == int.MaxValue ? $"`{path}` is {number}; at least {least} is needed." : $"`{path}` is {number}; it must be {least} to {most}.");
    }

    private static T? Find<T>(ICustomAttributeProvider? limits)
        where T : Attribute => limits?.GetCustomAttributes(typeof(T), inherit: false) is [T found, ..] ? found : null;
}
