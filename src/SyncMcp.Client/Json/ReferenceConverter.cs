using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Client.Json;

/// <summary>A reference is <c>{"id"}</c>, <c>{"name"}</c> or a bare string, which is an id where it looks like one and a name otherwise.</summary>
internal sealed class ReferenceConverter : JsonConverter<Reference>
{
    public override Reference? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return Reference.Parse(reader.GetString()!);
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("expected an id, a name or an object with \"id\" or \"name\"");

        string? id = null, name = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            var isName = reader.ValueTextEquals("name"u8);
            reader.Read();
            if (isId || isName)
            {
                var text = reader.TokenType switch
                {
                    JsonTokenType.Null => null,
                    JsonTokenType.String => reader.GetString(),
                    JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
                    _ => throw new JsonException("expected text"),
                };
                if (isId)
                    id = text;
                else
                    name = text;
            }
            else
            {
                reader.Skip();
            }
        }

        return new Reference { Id = id, Name = name };
    }

    public override void Write(Utf8JsonWriter writer, Reference value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.Id is not null)
            writer.WriteString("id"u8, value.Id);
        if (value.Name is not null)
            writer.WriteString("name"u8, value.Name);
        writer.WriteEndObject();
    }
}
